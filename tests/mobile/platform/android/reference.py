"""A small part of Android's API as its reference gives it, for API level 35, written down by us.

One line a method: its arguments' types, what it returns, and behind ``!`` the permission that the
reference asks for. ``new`` is a constructor; ``?`` means that null is allowed. The one stand-in of
these tests checks each call against this table; nothing here proves what a telephone does.
"""

from __future__ import annotations

CONTEXT = "android.content.Context"
INTENT = "android.content.Intent"
URI = "android.net.Uri"
EFFECT = "android.os.VibrationEffect"
ATTRIBUTES, FORMAT = "android.media.AudioAttributes", "android.media.AudioFormat"
TRACK, VOICE = "android.media.AudioTrack", "android.speech.tts.TextToSpeech"
SPEC = "android.security.keystore.KeyGenParameterSpec"
KEY = "java.security.Key"
GCM = "javax.crypto.spec.GCMParameterSpec"

IS_A = {
    "android.app.Activity": {CONTEXT},
    "javax.crypto.SecretKey": {KEY},
    GCM: {"java.security.spec.AlgorithmParameterSpec"},
    SPEC: {"java.security.spec.AlgorithmParameterSpec"},
}
"""Which class or interface one may be handed over as."""

SERVICES = {
    "alarm": "android.app.AlarmManager",
    "biometric": "android.hardware.biometrics.BiometricManager",
    "notification": "android.app.NotificationManager",
    "vibrator_manager": "android.os.VibratorManager",
}
"""The names of `Context`'s constants (ALARM_SERVICE, ...) by value, with the class each gives."""

REFERENCE: dict[str, tuple[str, ...]] = {
    "android.app.Activity": (
        "getIntent() -> android.content.Intent",
        f"startActivity({INTENT})",
    ),
    "android.app.AlarmManager": ("canScheduleExactAlarms() -> boolean",),
    "android.app.NotificationManager": ("areNotificationsEnabled() -> boolean",),
    INTENT: (
        "new(String)",
        f"new(String, {URI})",
        "setType(String) -> android.content.Intent",
        "putExtra(String, String) -> android.content.Intent",
        "addFlags(int) -> android.content.Intent",
        "getDataString() -> String",
    ),
    URI: (f"static parse(String) -> {URI}",),
    "android.hardware.biometrics.BiometricManager": (
        "canAuthenticate(int) -> int !android.permission.USE_BIOMETRIC",
    ),
    "android.os.VibratorManager": ("getDefaultVibrator() -> android.os.Vibrator",),
    "android.os.Vibrator": (
        "hasVibrator() -> boolean",
        f"vibrate({EFFECT}) !android.permission.VIBRATE",
    ),
    EFFECT: (f"static createWaveform(long[], int) -> {EFFECT}",),
    f"{ATTRIBUTES}$Builder": (
        "new()",
        "setUsage(int) -> self",
        "setContentType(int) -> self",
        f"build() -> {ATTRIBUTES}",
    ),
    f"{FORMAT}$Builder": (
        "new()",
        "setEncoding(int) -> self",
        "setSampleRate(int) -> self",
        "setChannelMask(int) -> self",
        f"build() -> {FORMAT}",
    ),
    f"{TRACK}$Builder": (
        "new()",
        f"setAudioAttributes({ATTRIBUTES}) -> self",
        f"setAudioFormat({FORMAT}) -> self",
        "setTransferMode(int) -> self",
        "setBufferSizeInBytes(int) -> self",
        f"build() -> {TRACK}",
    ),
    TRACK: ("write(byte[], int, int) -> int", "play()", "release()"),
    VOICE: (
        f"new({CONTEXT}, {VOICE}$OnInitListener)",
        "setLanguage(java.util.Locale) -> int",
        "speak(CharSequence, int, android.os.Bundle?, String) -> int",
        "stop() -> int",
    ),
    "java.util.Locale": ("static forLanguageTag(String) -> java.util.Locale",),
    "java.util.TimeZone": ("static getDefault() -> java.util.TimeZone", "getID() -> String"),
    f"{SPEC}$Builder": (
        "new(String, int)",
        "setBlockModes(String[]) -> self",
        "setEncryptionPaddings(String[]) -> self",
        "setKeySize(int) -> self",
        f"build() -> {SPEC}",
    ),
    "java.security.KeyStore": (
        "static getInstance(String) -> java.security.KeyStore",
        "load(java.security.KeyStore$LoadStoreParameter?)",
        "containsAlias(String) -> boolean",
        f"getKey(String, char[]?) -> {KEY}",
    ),
    "javax.crypto.KeyGenerator": (
        "static getInstance(String, String) -> javax.crypto.KeyGenerator",
        "init(java.security.spec.AlgorithmParameterSpec)",
        "generateKey() -> javax.crypto.SecretKey",
    ),
    "javax.crypto.Cipher": (
        "static getInstance(String) -> javax.crypto.Cipher",
        f"init(int, {KEY})",
        f"init(int, {KEY}, java.security.spec.AlgorithmParameterSpec)",
        "updateAAD(byte[])",
        "getIV() -> byte[]",
        "doFinal(byte[]) -> byte[]",
    ),
    GCM: ("new(int, byte[])",),
}

LISTENERS = {
    "java/lang/Runnable": ("run", "()V"),
    "android/speech/tts/TextToSpeech$OnInitListener": ("onInit", "(I)V"),
}
"""Interfaces that Python implements, each with its method and its signature in the JVM's form."""

PERMISSIONS_OF_CALLS = {
    ".notify(": "android.permission.POST_NOTIFICATIONS",
    "startForegroundService(": "android.permission.FOREGROUND_SERVICE",
    "FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE": (
        "android.permission.FOREGROUND_SERVICE_CONNECTED_DEVICE"
    ),
    "setExactAndAllowWhileIdle(": "android.permission.SCHEDULE_EXACT_ALARM",
    "BiometricPrompt": "android.permission.USE_BIOMETRIC",
}
"""What our own Java uses, and the permission that the reference names for it."""
