package org.circlet.patient;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.util.Log;
import org.json.JSONException;

/** An alarm rings: show its words, or wait until quiet hours are over. */
public final class AlarmReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent ring) {
        String name = ring.getStringExtra(Alarms.NAME);
        String title = ring.getStringExtra(Alarms.TITLE);
        String body = ring.getStringExtra(Alarms.BODY);
        long now = System.currentTimeMillis();
        long at = now;
        try {
            at = Alarms.afterQuiet(context, now);
        } catch (JSONException problem) {
            Log.w("Circlet", "the kept plan can't be read", problem);
        }
        if (at > now) {
            Alarms.arm(context, ring.getIntExtra("place", 0), at, name, title, body);
        } else {
            Notifications.show(context, name, title, body);
        }
    }
}
