"""What can be shown of the Android build without an SDK: `make android-check`.

- `pins`: what the build asks for, read from buildozer.spec and recipes.toml.
- `wheels`: every pin resolves for Android, and everything that a pin needs is pinned.
- `older`: the versions that recipes give hold everything that the app uses.
"""
