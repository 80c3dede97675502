"""The control surface: button, faults and a look inside, by HTTP on loopback.

It stands for hands, screwdrivers and a logic analyser; nothing of it exists on a real band. The
phone never speaks to it.

opening: where it listens, and who is told. app: guard, routes and page as one application. guard:
who may ask. routes: the one table of requests; openapi: the same as a document. surface: what each
request does. shapes: what is asked and answered; schema: their JSON, both ways; errors: why
something is not taken. looks, machine, flash_map: what there is to see. watching: ear and eye of a
run; words, messages: what passes on the link, in plain words; live: changes as they happen. page:
the files of the page in the browser, in `static`.
"""
