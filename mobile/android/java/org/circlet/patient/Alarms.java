package org.circlet.patient;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.content.SharedPreferences;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Arms the reminders that the app has worked out. In Java because it has to run with the app
 * closed: when an alarm rings, after a restart, and after the time zone has changed.
 *
 * <p>An alarm's own words live in its intent, in the system's memory. What is kept in a file for
 * after a restart are times and one sentence that says nothing clinical.
 */
public final class Alarms {
    static final String NAME = "name";
    static final String TITLE = "title";
    static final String BODY = "body";
    private static final String FILE = "alarms";
    private static final String PLAN = "plan";
    private static final int MOST = 64;
    private static final long WINDOW_MS = 10 * 60_000L;
    private static final int MINUTES_OF_A_DAY = 24 * 60;

    private Alarms() {}

    /** Ring by this plan (JSON, see as_json in alarms.py) and by no earlier one. */
    public static void replace(Context context, String json) throws JSONException {
        JSONObject plan = new JSONObject(json);
        cancelAll(context);
        JSONArray alarms = plan.getJSONArray("alarms");
        for (int place = 0; place < Math.min(alarms.length(), MOST); place++) {
            JSONObject alarm = alarms.getJSONObject(place);
            arm(context, place, alarm.getLong("at_ms"), alarm.getString(NAME),
                    alarm.getString(TITLE), alarm.getString(BODY));
            alarm.remove(TITLE);
            alarm.remove(BODY);
        }
        preferences(context).edit().putString(PLAN, plan.toString()).apply();
    }

    /** Arm anew from what is kept: the phone was restarted, updated the app, or has travelled. */
    static void rearm(Context context) throws JSONException {
        String kept = preferences(context).getString(PLAN, null);
        if (kept == null) {
            return;
        }
        JSONObject plan = new JSONObject(kept);
        ZoneId then = ZoneId.of(plan.getString("zone"));
        ZoneId here = ZoneId.systemDefault();
        JSONArray alarms = plan.getJSONArray("alarms");
        cancelAll(context);
        long now = System.currentTimeMillis();
        for (int place = 0; place < Math.min(alarms.length(), MOST); place++) {
            JSONObject alarm = alarms.getJSONObject(place);
            long at = alarm.getLong("at_ms");
            if (alarm.getBoolean("floating")) {
                at = sameHour(at, then, here);
                alarm.put("at_ms", at);
            }
            if (at > now) {
                arm(context, place, at, alarm.getString(NAME), plan.getString(TITLE),
                        plan.getString(BODY));
            }
        }
        plan.put("zone", here.getId());
        preferences(context).edit().putString(PLAN, plan.toString()).apply();
    }

    /** The instant of an alarm that rings now, or later where it's quiet in the zone of now. */
    static long afterQuiet(Context context, long at) throws JSONException {
        String kept = preferences(context).getString(PLAN, null);
        if (kept == null) {
            return at;
        }
        JSONObject plan = new JSONObject(kept);
        int from = plan.getInt("quiet_from_minute");
        int to = plan.getInt("quiet_to_minute");
        ZonedDateTime here = Instant.ofEpochMilli(at).atZone(ZoneId.systemDefault());
        int minute = here.getHour() * 60 + here.getMinute();
        int since = Math.floorMod(minute - from, MINUTES_OF_A_DAY);
        if (since >= Math.floorMod(to - from, MINUTES_OF_A_DAY)) {
            return at;
        }
        ZonedDateTime end = here.toLocalDate().atTime(to / 60, to % 60).atZone(here.getZone());
        return (end.isAfter(here) ? end : end.plusDays(1)).toInstant().toEpochMilli();
    }

    static void arm(
            Context context, int place, long at, String name, String title, String body) {
        Intent ring = new Intent(context, AlarmReceiver.class)
                .putExtra(NAME, name)
                .putExtra(TITLE, title)
                .putExtra(BODY, body)
                .putExtra("place", place);
        PendingIntent pending = PendingIntent.getBroadcast(
                context, place, ring, PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_UPDATE_CURRENT);
        AlarmManager manager = context.getSystemService(AlarmManager.class);
        if (manager.canScheduleExactAlarms()) {
            manager.setExactAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending);
        } else {
            manager.setWindow(AlarmManager.RTC_WAKEUP, at, WINDOW_MS, pending);
        }
    }

    private static void cancelAll(Context context) {
        AlarmManager manager = context.getSystemService(AlarmManager.class);
        for (int place = 0; place < MOST; place++) {
            PendingIntent pending = PendingIntent.getBroadcast(
                    context, place, new Intent(context, AlarmReceiver.class),
                    PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_NO_CREATE);
            if (pending != null) {
                manager.cancel(pending);
                pending.cancel();
            }
        }
    }

    private static long sameHour(long at, ZoneId then, ZoneId here) {
        return Instant.ofEpochMilli(at).atZone(then).toLocalDateTime().atZone(here).toInstant()
                .toEpochMilli();
    }

    private static SharedPreferences preferences(Context context) {
        return context.getSharedPreferences(FILE, Context.MODE_PRIVATE);
    }
}
