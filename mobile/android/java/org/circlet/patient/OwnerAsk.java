package org.circlet.patient;

import android.app.Activity;
import android.hardware.biometrics.BiometricManager;
import android.hardware.biometrics.BiometricPrompt;
import android.os.CancellationSignal;

/**
 * Asks for the phone's owner by BiometricPrompt. In Java because its callback is an abstract class,
 * and Python can stand in for interfaces only.
 */
public final class OwnerAsk extends BiometricPrompt.AuthenticationCallback {
    /** What Python implements. */
    public interface Answer {
        void answered(int code);
    }

    private static final int YES = 0;
    private static final int NO = 1;
    private static final int LEFT = 2;
    private static final int UNAVAILABLE = 3;
    private final Answer answer;

    private OwnerAsk(Answer answer) {
        this.answer = answer;
    }

    public static void ask(
            Activity activity, String title, String reason, String leave, Answer answer) {
        activity.runOnUiThread(() -> new BiometricPrompt.Builder(activity)
                .setTitle(title)
                .setDescription(reason)
                .setNegativeButton(
                        leave, activity.getMainExecutor(), (dialog, which) -> answer.answered(LEFT))
                .setAllowedAuthenticators(BiometricManager.Authenticators.BIOMETRIC_WEAK)
                .build()
                .authenticate(
                        new CancellationSignal(), activity.getMainExecutor(), new OwnerAsk(answer)));
    }

    @Override
    public void onAuthenticationSucceeded(BiometricPrompt.AuthenticationResult result) {
        answer.answered(YES);
    }

    /** The dialog is over; a finger that wasn't recognised leaves it open and says so itself. */
    @Override
    public void onAuthenticationError(int code, CharSequence words) {
        switch (code) {
            case BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED:
            case BiometricPrompt.BIOMETRIC_ERROR_CANCELED:
                answer.answered(LEFT);
                break;
            case BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT:
            case BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT:
            case BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT:
                answer.answered(NO);
                break;
            default:
                answer.answered(UNAVAILABLE);
        }
    }
}
