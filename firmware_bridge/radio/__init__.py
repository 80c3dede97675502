"""A virtual air for Bluetooth LE, and the way onto it for a phone or a device.

- `air`: the link between virtual controllers, with drops and reach; `airtime`: how long its
  packets take, where that's wanted; `controller`: one of them.
- `process`, `cli`: the console script `circlet-radio`, controllers behind TCP ports.
- `security`: what pairing must be: LE Secure Connections with a number that was compared.
- `adapter`: one Bluetooth host per process, with its `identity` and bonds in a folder.
- `client`, `scanner` (`uuids`): the bleak backend on it; `port`: the link's port to it.
- `cancelling`: what bumble loses of being told to end.

Pairing, keys and GATT are real in both hosts. The virtual controllers start encryption with the
hosts' long-term keys and refuse keys that differ, but don't encipher the bytes on their air.
"""
