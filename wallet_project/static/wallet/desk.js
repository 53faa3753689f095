/* The agents' desk: keys, a cursor in the queue, the composer, and who else is here. Without it all is links and forms. */
(() => {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const find = (what, within = desk) => within.querySelector(what);
  const all = (what, within = desk) => [...within.querySelectorAll(what)];
  const csrf = () => find("[name=csrfmiddlewaretoken]", document).value;

  // Whoever does nothing is not there: a page that was left open must not keep its session alive.
  let touched = Date.now();
  for (const sign of ["keydown", "pointerdown", "pointermove"]) {
    addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
  }
  const every = (seconds, act) => setInterval(() => {
    if (!document.hidden && Date.now() - touched < 120000) act();
  }, seconds * 1000);

  const keys = {};
  const typing = (at) => at.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
  addEventListener("keydown", (event) => {
    if (event.target.matches("textarea") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      find(".desk-send .desk-main").click();
    } else if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
    } else if (!typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const act = keys[event.key] || (() => press(find(`[data-key="${CSS.escape(event.key)}"]`)));
      if (act(event) !== false) event.preventDefault();
    }
  });
  function press(target) {
    if (!target) return false;
    if (target.matches("input:not([type=radio])")) target.focus();
    else target.click();
    if (target.matches("summary") && target.parentElement.open) find("button", target.parentElement)?.focus();
    return true;
  }

  // One menu is open at a time, and a click elsewhere closes it.
  addEventListener("click", (event) => {
    for (const menu of all("details.desk-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  const order = {
    get ids() { return JSON.parse(sessionStorage.getItem("desk.ids") || "[]"); },
    set ids(ids) { sessionStorage.setItem("desk.ids", JSON.stringify(ids)); },
    get at() { return sessionStorage.getItem("desk.at"); },
    set at(id) { sessionStorage.setItem("desk.at", id); },
  };

  if (desk.dataset.desk === "queue") queue(); else ticket();

  function queue() {
    const form = find("#changelist-form");
    const bar = find(".desk-bulk");
    const rows = () => all(".desk-row");
    const boxes = () => all("[name=_selected_action]:checked");
    const at = () => rows().findIndex((row) => row.classList.contains("is-at"));
    const go = (index) => {
      const row = rows()[Math.max(0, Math.min(index, rows().length - 1))];
      if (!row) return;
      rows()[at()]?.classList.remove("is-at");
      row.classList.add("is-at");
      order.at = row.dataset.id;
      row.scrollIntoView({ block: "nearest" });
    };
    const settle = () => {
      order.ids = rows().map((row) => row.dataset.id);
      const last = rows().findIndex((row) => row.dataset.id === order.at);
      if (last >= 0) go(last);
    };
    const count = () => {
      if (!bar) return;
      bar.hidden = !boxes().length;
      find("b", bar).textContent = `已选 ${boxes().length} 张`;
      for (const row of rows()) row.classList.toggle("is-chosen", Boolean(find(":checked", row)));
    };
    const send = (action, value) => {
      form.elements.action.value = action;
      form.elements.value.value = value;
      form.submit();
    };
    keys.j = keys.ArrowDown = () => go(at() + 1);
    keys.k = keys.ArrowUp = () => go(at() - 1);
    keys.Enter = keys.o = (event) => {
      if (event.target.matches("a, button, summary")) return false;
      find("a", rows()[at()] || rows()[0] || desk)?.click();
    };
    keys.x = () => find("[type=checkbox]", rows()[at()] || desk)?.click();
    form.addEventListener("change", (event) => {
      const { bulk } = event.target.dataset;
      if (bulk && event.target.value) send(bulk, event.target.value); else count();
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.bulk && (!button.dataset.sure || confirm(button.dataset.sure))) send(button.dataset.bulk, "");
      if (button?.matches("[data-bulk-none]")) { for (const box of boxes()) box.checked = false; count(); }
      const row = event.target.closest(".desk-row");
      if (row) go(rows().indexOf(row));
    });
    settle();
    every(30, async () => {
      if (boxes().length || find("details[open]")) return;
      const answer = await fetch(location.href);
      if (answer.redirected) { location.reload(); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of ["#desk-rows", ".desk-views"]) find(part).replaceWith(find(part, fresh));
      settle();
    });
  }

  function ticket() {
    const words = find("textarea");
    const step = (by) => {
      const ids = order.ids, next = ids[ids.indexOf(desk.dataset.id) + by];
      if (!ids.includes(desk.dataset.id) || !next || words?.value.trim()) return false;
      order.at = next;
      location.href = `${desk.dataset.queue}${next}/change/`;
    };
    keys.j = () => step(1);
    keys.k = () => step(-1);
    order.at = desk.dataset.id;
    find(".desk-said li:last-child")?.scrollIntoView({ block: "nearest" });

    if (words) {
      const form = words.form;
      const name = () => {
        for (const button of all("[data-move]")) {
          button.textContent = words.value.trim() ? button.dataset.send : button.dataset.move;
          button.hidden = !button.textContent;
        }
      };
      words.addEventListener("input", name);
      name();
      form.addEventListener("change", (event) => { if (event.target.matches("[type=radio]")) words.focus(); });
      form.addEventListener("click", (event) => {
        if (event.target.matches("[type=radio]")) words.focus();
        if (event.target.dataset.insert === undefined) return;
        words.setRangeText(event.target.dataset.insert, words.selectionStart, words.selectionEnd, "end");
        event.target.closest("details").open = false;
        const open = words.value.indexOf("{{");
        words.focus();
        if (open >= 0) words.setSelectionRange(open, words.value.indexOf("}}", open) + 2);
        name();
      });
      // Twice pressed is once sent (the server knows by client_id); the button shows it at once.
      form.addEventListener("submit", () => form.classList.add("is-sent"));
      addEventListener("beforeunload", (event) => {
        if (words.value.trim() && !form.classList.contains("is-sent")) event.preventDefault();
      });
    }

    const pulse = async () => {
      const said = new URLSearchParams({ csrfmiddlewaretoken: csrf(), seen: desk.dataset.seen });
      if (words?.value.trim()) said.set("writing", "1");
      const answer = await fetch(desk.dataset.pulse, { method: "POST", body: said });
      if (answer.ok && !answer.redirected) find("#desk-pulse").innerHTML = await answer.text();
    };
    pulse();
    every(15, pulse);
  }
})();
