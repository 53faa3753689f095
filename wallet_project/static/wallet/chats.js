// The agent's chat page. It asks `look` every few seconds; a socket, where there is one, says when to ask at once.
"use strict";
{
  const LOOK_MS = 3000, TYPING_MS = 3000, IDLE_MS = 10 * 60 * 1000, AGAIN_MS = 15000;
  const page = document.getElementById("chats");
  const part = (id) => document.getElementById(id);
  const talk = page.querySelector(".chats-talk"), words = part("words"), box = words.elements.body;
  const waiting = new Map(); // client_id → {number, body}: sent, not yet known to have arrived
  let open = "", cursor = 0, mayWrite = false, looking = false, lookAgain = false, timer = 0;
  let typedAt = 0, movedAt = Date.now(), takesNew = false;

  const make = (tag, cls, text) => {
    const made = document.createElement(tag);
    if (cls) made.className = cls;
    if (text !== undefined) made.textContent = text; // text, never markup: customers wrote it
    return made;
  };
  const tell = (text) => { part("told").textContent = text; };
  const span = (seconds) => seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分`;

  async function read(answer) {
    if (answer.redirected || answer.status === 401 || answer.status === 403) {
      location.reload(); // the session is over: the login page says so
      return new Promise(() => {});
    }
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.message), { refused: true, status: answer.status });
    return told;
  }

  async function act(name, wish = {}) {
    const answer = await fetch(page.dataset.act.replace("ACT", name), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": page.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify(wish),
    });
    return read(answer);
  }

  async function attempt(name, wish) {
    try {
      tell("");
      return await act(name, wish);
    } catch (error) {
      tell(error.refused ? error.message : "网络不通，请重试");
      return null;
    } finally {
      look();
    }
  }

  async function look() {
    if (!part("away").hidden) return;
    if (looking) { lookAgain = true; return; }
    looking = true;
    clearTimeout(timer);
    try {
      const asked = open, seen = await read(await fetch(`${page.dataset.look}?number=${asked}&after=${cursor}`));
      if (asked === open) show(seen);
      if (seen.open && seen.open.has_more) lookAgain = true;
      resend();
    } catch (error) {
      tell(error.refused ? error.message : "网络不通，正在重连…");
    }
    looking = false;
    if (lookAgain) { lookAgain = false; look(); return; }
    timer = setTimeout(look, LOOK_MS);
  }

  function show(seen) {
    takesNew = seen.takes_new;
    part("seat").textContent = takesNew ? "暂停接待" : "开始接待";
    part("seat").setAttribute("aria-pressed", takesNew);
    part("next").disabled = !seen.line.length;
    list("mine", seen.mine, (chat) => openChat(chat.number));
    list("line", seen.line, async (chat) => {
      if (await attempt("take", { number: chat.number })) openChat(chat.number);
    });
    const unread = seen.mine.reduce((sum, chat) => sum + chat.unread, 0);
    document.title = `${unread ? `（${unread}）` : ""}在线客服`;
    colleagues(seen.colleagues);
    if (seen.open) showOpen(seen.open);
  }

  function list(id, chats, chosen) {
    part(`${id}-count`).textContent = chats.length || "";
    part(id).replaceChildren(...chats.map((chat) => {
      const row = make("li", chat.number === open ? "is-open" : ""), button = make("button");
      button.type = "button";
      button.append(
        make("b", chat.here === false ? "is-gone" : "", chat.name), make("span", "", chat.kind),
        make("time", "", span(chat.seconds)), make("p", "", chat.typing ? "正在输入…" : chat.subject),
      );
      if (chat.unread) button.append(make("i", "unread", chat.unread));
      if (chat.priority < 2) button.classList.add("is-urgent");
      button.addEventListener("click", () => chosen(chat));
      row.append(button);
      return row;
    }));
  }

  function colleagues(people) {
    const select = part("colleague");
    if (document.activeElement === select) return;
    const offered = [["", "…"], ["line", "回到排队"], ...people.map((each) => [each.key, each.name])];
    select.replaceChildren(...offered.map(([value, name]) => new Option(name, value)));
  }

  function openChat(number) {
    open = number;
    cursor = 0;
    part("said").replaceChildren();
    talk.hidden = false;
    page.classList.add("has-open");
    box.value = sessionStorage.getItem(`draft:${number}`) || "";
    look();
    box.focus();
  }

  function showOpen(chat) {
    mayWrite = chat.is_mine;
    part("who").textContent = chat.name;
    part("about").textContent = chat.kind;
    part("standing").textContent = [chat.state, mayWrite && (chat.here ? "顾客在线" : "顾客已离开页面")].filter(Boolean).join(" · ");
    part("ticket").href = chat.ticket;
    words.classList.toggle("is-closed", !mayWrite);
    for (const field of words.elements) field.disabled = !mayWrite;
    part("typing").hidden = !(mayWrite && chat.typing);
    const said = part("said"), atEnd = said.scrollHeight - said.scrollTop - said.clientHeight < 60;
    for (const message of chat.messages) said.append(bubble(message));
    if (chat.messages.length) {
      cursor = chat.cursor;
      if (atEnd) said.scrollTop = said.scrollHeight;
      markRead();
    }
    for (const line of said.querySelectorAll(".said-agent")) {
      line.classList.toggle("is-read", Number(line.dataset.id) <= chat.read);
    }
  }

  function markRead() {
    if (mayWrite && document.hasFocus()) act("signal", { number: open, read_up_to: cursor }).catch(() => {});
  }

  function bubble(message) {
    const line = make("li", `said-${message.voice.toLowerCase()}`), head = make("p", "said-by");
    line.dataset.id = message.id;
    head.append(make("b", "", message.badge), make("time", "", message.at));
    line.append(head, make("div", "said-body", message.body));
    return line;
  }

  // Sent until it has arrived; the server keeps one message for each client_id, however often it comes.
  async function send(id) {
    const wish = waiting.get(id);
    if (!wish) return;
    wish.at = Date.now();
    try {
      await act("say", { client_id: id, ...{ number: wish.number, body: wish.body } });
      waiting.delete(id);
    } catch (error) {
      if (!error.refused || error.status >= 500) { tell("网络不通，正在重发…"); return; }
      waiting.delete(id);
      tell(error.message);
      if (wish.number === open && !box.value) box.value = wish.body;
    }
    look();
  }

  function resend() {
    for (const [id, wish] of waiting) if (Date.now() - wish.at > AGAIN_MS) send(id);
  }

  words.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = box.value.trim();
    if (!body || !mayWrite) return;
    const id = crypto.randomUUID();
    waiting.set(id, { number: open, body });
    box.value = "";
    sessionStorage.removeItem(`draft:${open}`);
    send(id);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    words.requestSubmit();
  });
  box.addEventListener("input", () => {
    sessionStorage.setItem(`draft:${open}`, box.value);
    if (Date.now() - typedAt < TYPING_MS) return;
    typedAt = Date.now();
    act("signal", { number: open, typing: true }).catch(() => {});
  });
  for (const button of words.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => attempt(button.dataset.act, { number: open }));
  }
  part("colleague").addEventListener("change", (event) => {
    const to = event.target.value;
    event.target.blur();
    if (to) attempt("hand-over", { number: open, colleague: to === "line" ? null : Number(to) });
  });
  part("seat").addEventListener("click", () => attempt("seat", { takes_new: !takesNew }));
  part("next").addEventListener("click", async () => {
    const taken = await attempt("next");
    if (taken) openChat(taken.number);
  });
  part("back").addEventListener("click", () => {
    open = "";
    talk.hidden = true;
    page.classList.remove("has-open");
    look();
  });

  addEventListener("focus", markRead);

  // An open page is no agent: whoever has touched nothing for ten minutes is away, and the session may end.
  for (const sign of ["pointerdown", "keydown", "pointermove"]) {
    addEventListener(sign, () => { movedAt = Date.now(); }, { passive: true });
  }
  setInterval(() => { if (Date.now() - movedAt > IDLE_MS) part("away").hidden = false; }, 10000);
  part("away").querySelector("button").addEventListener("click", () => { part("away").hidden = true; look(); });

  function listen(after) {
    if (!page.dataset.socket) return;
    setTimeout(() => {
      const socket = new WebSocket(page.dataset.socket);
      let began = 0;
      socket.onopen = () => { began = Date.now(); look(); };
      socket.onmessage = look;
      socket.onclose = () => listen(began && Date.now() - began > 10000 ? 1000 : Math.min((after || 1000) * 2, 60000));
    }, after);
  }
  look();
  listen(0);
}
