"""What makes the app an Android app. Nothing here is imported by it, but for `main`'s few lines.

- `buildozer.spec`: the build, with everything pinned. `recipes.toml`: what python-for-android's
  own recipes give. `stage`: puts the tree together that goes onto the phone, with `main` on top.
- `hook`: runs inside the build: puts our receivers and the service into the manifest.
- `java`: what has to run without Python, each with its reason. `res`: icon and backup rules.

`make android-check` shows what can be shown without an SDK; `docs/android.md` says where that ends.
"""
