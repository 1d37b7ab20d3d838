// A real OpenID Connect provider for the tests: npm's oidc-provider, with accounts that are what their address says.
//   node provider.mjs PORT ADDRESS_TO_RETURN_TO
// The address before a "+unverified" is not verified. The page to sign in asks for no password; "second" says that a second step
// was taken. Everything else, the protocol, is oidc-provider's own.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'

const [port, back] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'common ground',
    client_secret: 'a secret: with / signs & a space, 32 or more',
    redirect_uris: [back],
    response_types: ['code'],
    grant_types: ['authorization_code']
  }],
  claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'] },
  cookies: { keys: ['one key for one test'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Session: 3600, Grant: 3600 },
  findAccount: (ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: sub.replace('+unverified', ''), email_verified: !sub.includes('+unverified') })
  }),
  // Nobody is asked whether this site may know their address.
  loadExistingGrant: async ctx => {
    const { client, session, provider } = ctx.oidc
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid email')
    await grant.save()
    return grant
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` }
})

const page = hint => `<!doctype html><html lang="en"><title>Agency sign-in</title><h1>Agency sign-in</h1>
<form method="post"><label>Account <input name="account" value="${hint}"></label>
<label><input type="checkbox" name="second"> A second step was taken</label>
<button name="go" value="in">Let me in</button><button name="go" value="no">Cancel</button></form>`

async function interaction (request, response) {
  const { params } = await provider.interactionDetails(request, response)
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    return response.end(page(params.login_hint ?? ''))
  }
  const sent = new URLSearchParams(await text(request))
  const login = { accountId: sent.get('account'), amr: sent.has('second') ? ['pwd', 'otp'] : ['pwd'] }
  const result = sent.get('go') === 'no' ? { error: 'access_denied', error_description: 'Cancelled' } : { login }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

const rest = provider.callback()
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return rest(request, response)
  interaction(request, response).catch(error => {
    response.statusCode = 400
    response.end(String(error))
  })
}).listen(Number(port), '127.0.0.1')
