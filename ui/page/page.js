// Keys and focus of the page. Everything else is Gradio's or happens in Python.
(() => {
  const byId = (id) => document.getElementById(id);
  const visible = (node) => node && node.offsetParent !== null;

  document.addEventListener('keydown', (key) => {
    if (key.key !== 'Escape' || key.defaultPrevented) return;
    const stop = byId('stop');
    const close = document.querySelector('#panel .close');
    if (visible(stop)) stop.click();
    else if (visible(close)) close.click();
  });

  // "Copy as": fetched when asked for, put on the clipboard, and said.
  const toClipboard = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };
  document.addEventListener('click', async (click) => {
    const button = click.target.closest('[data-copy]');
    if (!button) return;
    const said = button.parentElement.querySelector('.copied');
    try {
      const reply = await fetch(button.dataset.copy);
      if (!reply.ok) throw new Error(await reply.text());
      await toClipboard(await reply.text());
      said.textContent = `${button.textContent} copied.`;
    } catch (error) {
      said.textContent = `Not copied: ${error.message}`;
    }
  });

  // An opened paper takes the focus and shows its first highlight; closing gives the focus back.
  const watchPanel = (panel) => {
    let shown = '';
    new MutationObserver(() => {
      const title = panel.querySelector('#panel-title');
      const now = title ? panel.innerText : '';
      if (now === shown) return;
      const closed = shown && !now;
      shown = now;
      if (title) {
        title.focus({preventScroll: true});
        const mark = panel.querySelector('mark');
        (mark || title).scrollIntoView({block: 'nearest'});
      } else if (closed) {
        const opener = window.quothOpener;
        const back = opener && opener.isConnected ? opener : document.querySelector('#question textarea');
        if (back) back.focus();
      }
    }).observe(panel, {childList: true, subtree: true, characterData: true});
  };

  // The address names the conversation, so that a reload shows it again.
  const watchLog = (log) => {
    new MutationObserver(() => {
      const turns = log.querySelector('[data-conversation]');
      // While the log is blank, it is not known yet which conversation this is.
      if (!turns && !log.querySelector('.empty')) return;
      const id = turns ? turns.dataset.conversation : '';
      const address = new URL(window.location.href);
      if ((address.searchParams.get('c') || '') === id) return;
      if (id) address.searchParams.set('c', id);
      else address.searchParams.delete('c');
      window.history.replaceState(null, '', address);
    }).observe(log, {childList: true, subtree: true, attributes: true});
  };

  // A new question comes into view; what is written after that does not move the page.
  const watchLive = (live) => {
    let empty = true;
    new MutationObserver(() => {
      const turn = live.querySelector('.turn');
      if (turn && empty) turn.scrollIntoView({block: 'start'});
      empty = !turn;
    }).observe(live, {childList: true, subtree: true});
  };

  // What became of an upload comes into view, though the box above it has grown again.
  const watchReport = (report) => {
    new MutationObserver(() => {
      const said = report.querySelector('.report, .notice');
      if (said) said.scrollIntoView({block: 'nearest'});
    }).observe(report, {childList: true, subtree: true});
  };

  // Gradio makes the parts of the page one after another, those of a closed tab when it is opened.
  const whenThere = (selector, act) => {
    const look = setInterval(() => {
      const node = document.querySelector(selector);
      if (!node) return;
      clearInterval(look);
      act(node);
    }, 100);
  };
  whenThere('#panel', watchPanel);
  whenThere('#log', watchLog);
  whenThere('#live', watchLive);
  whenThere('#report', watchReport);
  whenThere('.sidebar .toggle-button', (handle) => {
    handle.title = 'Conversations';
    handle.setAttribute('aria-label', 'Conversations');
  });
})();
