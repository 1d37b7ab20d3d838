# What the scripts share; sourced, not run. Leaves the caller in the root of the repository.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# One line about what happens now.
say() { printf '%s\n' "-- $*"; }

# Several lines about what the person has to do, and the end.
stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Run something quietly; its output is shown only if it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  if ((status)); then cat -- "$log" >&2; fi
  rm -f -- "$log"
  return "$status"
}

# Install Debian packages if this machine lets us (root, or sudo without a password); false if it does not.
apt_get() {
  local sudo=()
  command -v apt-get >/dev/null || return 1
  if ((EUID)); then
    if ! sudo -n true 2>/dev/null; then return 1; fi
    sudo=(sudo -n)
  fi
  local run=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  local install=("${run[@]}" install --yes --no-install-recommends "$@")
  "${install[@]}" >/dev/null 2>&1 && return
  # Nothing is known yet about any package, or what is known is old.
  quietly "${run[@]}" update && quietly "${install[@]}"
}
