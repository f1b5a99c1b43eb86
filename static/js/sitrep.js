// Saves the report while it is written, and takes a ticked line into the text at once. Without it the buttons do both.
const PAUSE = 20_000;
const form = document.querySelector("[data-autosave]");
const said = form?.querySelector("[data-saved]");
let waiting = null;
let saving = null;

async function save() {
  waiting = null;
  const sent = new FormData(form);
  sent.set("then", "autosave");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, redirect: "error" });
    const told = await answer.json();
    if (!answer.ok) {
      said.textContent = `Not saved: ${told.message}`;
      return;
    }
    form.elements.version.value = told.version;
    for (const [key, digest] of Object.entries(told.started_from)) {
      form.elements[`from-${key}`].value = digest;
    }
    said.textContent = told.saved;
  } catch {
    said.textContent = "Not saved: the service did not answer. Your text is still on this page; it is tried again.";
    later();
  }
}

function later() {
  waiting ??= setTimeout(() => {
    saving = save().finally(() => {
      saving = null;
    });
  }, PAUSE);
}

function takeIn({ target }) {
  const news = target.closest("[data-news]");
  if (!news || !target.checked) {
    return;
  }
  const text = document.getElementById(news.dataset.news);
  const isPlaceholder = /^\s*\[\s*to\s+complete\b[^\n]*$/i.test(text.value);
  text.value = isPlaceholder || !text.value.trim() ? target.value : `${text.value.trimEnd()}\n${target.value}`;
  target.closest(".govuk-checkboxes__item").remove();
  if (!news.querySelector("input")) {
    news.remove();
  }
  text.focus();
}

if (form) {
  form.addEventListener("change", takeIn);
  form.addEventListener("input", later);
  form.addEventListener("submit", async (event) => {
    clearTimeout(waiting);
    waiting = null;
    if (saving) {
      const { submitter } = event;
      event.preventDefault();
      await saving;
      form.requestSubmit(submitter);
    }
  });
}
