#!/bin/busybox sh
# First program of the guest: loads the modules, mounts disk and shares, and hands over to init.sh in
# the tree. The kernel's command line says where the tree lies; it lies at the same place here.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
while read -r module; do
    insmod "/modules/$module" || echo "circlet-guest: no module $module"
done </modules/order
read -r words </proc/cmdline
for word in $words; do
    case $word in circlet.tree=*) tree=${word#*=} ;; esac
done
mount -t ext4 /dev/vda /disk
mkdir -p "/disk$tree" /disk/exchange
mount -t 9p -o ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000 tree "/disk$tree"
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 exchange /disk/exchange
for each in proc sys dev; do mount --move "/$each" "/disk/$each"; done
exec switch_root /disk /bin/sh "$tree/tests/bluez/guest/init.sh" "$tree"
