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
      } else if (closed && window.quothOpener && window.quothOpener.isConnected) {
        window.quothOpener.focus();
      }
    }).observe(panel, {childList: true, subtree: true, characterData: true});
  };

  // The address names the conversation, so that a reload shows it again.
  const watchLog = (log) => {
    new MutationObserver(() => {
      const turns = log.querySelector('[data-conversation]');
      const id = turns ? turns.dataset.conversation : '';
      const address = new URL(window.location.href);
      if ((address.searchParams.get('c') || '') === id) return;
      if (id) address.searchParams.set('c', id);
      else address.searchParams.delete('c');
      window.history.replaceState(null, '', address);
    }).observe(log, {childList: true, subtree: true, attributes: true});
  };

  const begin = setInterval(() => {
    const panel = byId('panel');
    const log = byId('log');
    if (!panel || !log) return;
    clearInterval(begin);
    watchPanel(panel);
    watchLog(log);
  }, 100);
})();
