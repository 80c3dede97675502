package org.circlet.patient;

import android.app.Notification;
import android.app.PendingIntent;
import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.IBinder;

/**
 * In the foreground while a session is under way, so that Android leaves the app's process, its
 * Bluetooth link and its beat alone; its notification carries STOP, also over a locked screen.
 *
 * <p>It runs in the app's own process: python-for-android's services run in another, which would
 * keep that one alive and not the one that holds the link.
 */
public final class SessionService extends Service {
    private static final int NUMBER = 2;
    private static final String LABEL = "label";
    private static volatile boolean running = false;

    /** Show it, or change its words. The first call comes from a touch: the app is in front. */
    public static void show(Context context, String title, String body, String label) {
        if (running) {
            Notifications.manager(context).notify(NUMBER, notification(context, title, body, label));
            return;
        }
        context.startForegroundService(new Intent(context, SessionService.class)
                .putExtra(Alarms.TITLE, title)
                .putExtra(Alarms.BODY, body)
                .putExtra(LABEL, label));
    }

    public static void end(Context context) {
        context.stopService(new Intent(context, SessionService.class));
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        Notification notification = notification(
                this, intent.getStringExtra(Alarms.TITLE), intent.getStringExtra(Alarms.BODY),
                intent.getStringExtra(LABEL));
        startForeground(
                NUMBER, notification, ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE);
        running = true;
        // Not sticky: without the app there's no session for it, and the band pauses by itself.
        return START_NOT_STICKY;
    }

    @Override
    public void onDestroy() {
        running = false;
        super.onDestroy();
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    private static Notification notification(
            Context context, String title, String body, String label) {
        PendingIntent stop = PendingIntent.getBroadcast(
                context, 0, new Intent(context, StopReceiver.class), PendingIntent.FLAG_IMMUTABLE);
        return Notifications.builder(context, Notifications.SESSION, title, body)
                .setOngoing(true)
                .setCategory(Notification.CATEGORY_SERVICE)
                .setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
                .addAction(new Notification.Action.Builder(null, label, stop)
                        // Nobody has to unlock a telephone to stop.
                        .setAuthenticationRequired(false)
                        .build())
                .build();
    }
}
