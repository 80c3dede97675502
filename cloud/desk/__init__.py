"""The signing desk: a static page of an origin of its own, where a clinician's passkey signs.

`static/` is the page: `tables.js` reads a statement's bytes, `words.js` says them in words,
`passkey.js` makes and uses the passkey, `desk.js` puts them together. `bundle` names the exact
bytes of all files by one hash; `server` serves them and nothing else; `monitor` watches from
another machine that it does. The desk imports no other part of the cloud but its clock: it must
not depend on what it protects against.
"""
