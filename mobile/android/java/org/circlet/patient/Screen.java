package org.circlet.patient;

import android.app.Activity;
import android.view.WindowManager;

/** Hides the window's contents; in Java because only the window's own thread may do it. */
public final class Screen {
    private Screen() {}

    public static void hide(Activity activity, boolean hidden) {
        activity.runOnUiThread(() -> {
            if (hidden) {
                activity.getWindow().addFlags(WindowManager.LayoutParams.FLAG_SECURE);
            } else {
                activity.getWindow().clearFlags(WindowManager.LayoutParams.FLAG_SECURE);
            }
        });
    }
}
