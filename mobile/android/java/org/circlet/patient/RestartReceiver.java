package org.circlet.patient;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.util.Log;
import org.json.JSONException;

/**
 * Android forgets alarms at a restart and at an update of the app, and leaves them at their instant
 * when the zone changes. Once exact alarms are allowed, those that weren't exact become so.
 */
public final class RestartReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        try {
            Alarms.rearm(context);
        } catch (JSONException | RuntimeException problem) {
            Log.w("Circlet", "the kept plan can't be armed anew", problem);
        }
    }
}
