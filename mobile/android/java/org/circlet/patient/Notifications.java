package org.circlet.patient;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;

/**
 * Builds and posts notifications. In Java because alarms post them while no Python runs; the app
 * itself uses the same, so that both look alike.
 */
public final class Notifications {
    static final String REMINDERS = "reminders";
    static final String SESSION = "session";
    private static final int NUMBER = 1;

    private Notifications() {}

    /** Name both channels in the language of the app; Android keeps what the person set in them. */
    public static void setChannels(Context context, String reminders, String session) {
        channel(context, REMINDERS, reminders, NotificationManager.IMPORTANCE_DEFAULT);
        // Low: a session's notification stands there silently. Cues and alarms are the app's own.
        channel(context, SESSION, session, NotificationManager.IMPORTANCE_LOW);
    }

    public static void show(Context context, String name, String title, String body) {
        if (manager(context).getNotificationChannel(REMINDERS) == null) {
            setChannels(context, "Circlet", "Circlet");
        }
        manager(context).notify(name, NUMBER, builder(context, REMINDERS, title, body)
                .setAutoCancel(true)
                .build());
    }

    public static void takeAway(Context context, String name) {
        manager(context).cancel(name, NUMBER);
    }

    /** Public on the lock screen: the words were chosen for it by what the person allowed. */
    static Notification.Builder builder(
            Context context, String channel, String title, String body) {
        Intent open = context.getPackageManager()
                .getLaunchIntentForPackage(context.getPackageName());
        PendingIntent touched = PendingIntent.getActivity(
                context, 0, open, PendingIntent.FLAG_IMMUTABLE | PendingIntent.FLAG_UPDATE_CURRENT);
        return new Notification.Builder(context, channel)
                .setSmallIcon(R.drawable.circlet_notice)
                .setContentTitle(title)
                .setContentText(body)
                .setStyle(new Notification.BigTextStyle().bigText(body))
                .setVisibility(Notification.VISIBILITY_PUBLIC)
                .setContentIntent(touched);
    }

    static NotificationManager manager(Context context) {
        return context.getSystemService(NotificationManager.class);
    }

    private static void channel(Context context, String id, String name, int importance) {
        NotificationChannel channel = new NotificationChannel(id, name, importance);
        channel.setLockscreenVisibility(Notification.VISIBILITY_PUBLIC);
        manager(context).createNotificationChannel(channel);
    }
}
