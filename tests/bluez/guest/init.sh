# The guest's process 1: D-Bus, the adapter on the second serial line, bluetoothd; then the story.
# What the story ends with goes to /exchange/code, and the guest ends.
tree=$1
export PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH="$tree:$tree/.venv/lib/python3.11/site-packages"

say() { echo "circlet-guest: $1 ($(cut -d' ' -f1 /proc/uptime) s since the kernel began)"; }

say booted
for place in /run /tmp /var/lib/bluetooth; do
    case $tree/ in
        "$place"/*) ;; # The tree is mounted below it already and would be hidden.
        *) mount -t tmpfs tmpfs "$place" ;;
    esac
done
mkdir -p /run/dbus
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
dbus-daemon --system --fork
btattach -B /dev/ttyS1 -P h4 -S 3000000 >/exchange/btattach.log 2>&1 &
/usr/libexec/bluetooth/bluetoothd -n -d >/exchange/bluetoothd.log 2>&1 &
say "the stack is started"
cd "$tree" || exit
python3 -m tests.bluez.story /exchange
echo $? >/exchange/code
dmesg >/exchange/dmesg.log
sync
busybox reboot -f
