/* A passkey is made or shown by the browser: this hands over what the page asks, and sends what comes back with the form.
   Without it the form is sent empty, and the answer says what else there is. */
(function () {
  'use strict'
  const form = document.getElementById('passkey')
  const options = document.getElementById('passkey-options')
  const trouble = document.getElementById('passkey-trouble')
  if (!form || !options || !window.PublicKeyCredential) return
  const field = form.elements.credential

  function bytes (text) {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    return Uint8Array.from(plain, letter => letter.charCodeAt(0))
  }

  function text (buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer))
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  }

  function known (list) {
    return (list || []).map(each => ({ ...each, id: bytes(each.id) }))
  }

  async function ask () {
    const asked = JSON.parse(options.textContent).publicKey
    asked.challenge = bytes(asked.challenge)
    if (!asked.user) {
      return navigator.credentials.get({ publicKey: { ...asked, allowCredentials: known(asked.allowCredentials) } })
    }
    asked.user.id = bytes(asked.user.id)
    return navigator.credentials.create({ publicKey: { ...asked, excludeCredentials: known(asked.excludeCredentials) } })
  }

  function plain (credential) {
    const response = {}
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (credential.response[name]) response[name] = text(credential.response[name])
    }
    const extensions = credential.getClientExtensionResults()
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: extensions }
  }

  form.addEventListener('submit', async function (event) {
    event.preventDefault()
    trouble.hidden = true
    try {
      field.value = JSON.stringify(plain(await ask()))
      form.submit()
    } catch (error) {
      trouble.hidden = false
    }
  })
})()
