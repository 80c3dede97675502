// Goes on to the desk by itself; the link stays for who comes back.

location.assign(document.getElementById("desk-link").href);
