// Goes on to the desk by itself; the link stays for who comes back. The draft is fixed now, so what
// was typed needs no keeping any more.

const link = document.getElementById("desk-link");
sessionStorage.removeItem(`draft/${link.dataset.kept}`);
location.assign(link.href);
