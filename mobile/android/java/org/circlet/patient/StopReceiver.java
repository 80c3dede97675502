package org.circlet.patient;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** STOP was touched on the notification: tell the engine, which runs in this same process. */
public final class StopReceiver extends BroadcastReceiver {
    private static volatile Runnable stop = null;

    /** Set by the app as soon as its engine stands. */
    public static void hear(Runnable runnable) {
        stop = runnable;
    }

    @Override
    public void onReceive(Context context, Intent intent) {
        Runnable told = stop;
        if (told != null) {
            told.run();
        } else {
            // The app was killed meanwhile, and the band paused when its beat stayed away.
            SessionService.end(context);
        }
    }
}
