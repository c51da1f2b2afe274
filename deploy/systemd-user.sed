# Makes units for `systemctl --user` of those in systemd/: in the user's home, and without what only root may ask for.
s|/opt/timetuna|%h/timetuna|
s|/etc/timetuna|%h/timetuna|
/^User=/d
/^Group=/d
/^AmbientCapabilities=/,/^UMask=/d
s|network-online.target \?||
s|multi-user.target|default.target|
