// Offers open issues like the one whose title is being typed. Without it they are offered once on submit.
const PAUSE = 400;
const SHORTEST = 8;
const LONGEST = 250; // a longer title is refused anyway, and an address must not grow without end
const box = document.querySelector("[data-similar]");
const title = document.getElementById("id_title");
let waiting = null;
let asked = "";

async function offer() {
  asked = title.value.trim().slice(0, LONGEST);
  const wanted = asked;
  const answer =
    wanted.length < SHORTEST ? null : await fetch(`${box.dataset.similar}?${new URLSearchParams({ title: wanted })}`);
  if (wanted !== asked) {
    return;
  }
  const list = box.querySelector("[data-similar-list]");
  list.innerHTML = answer?.ok ? await answer.text() : "";
  for (const link of list.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener";
  }
  box.hidden = !list.querySelector("a");
}

if (box && title) {
  title.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer().catch(() => {}), PAUSE);
  });
}
