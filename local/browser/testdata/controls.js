// Finds what a person sees: controls by their visible words. Evaluated in the page by the tests, one call at a time.
(() => {
  const words = (text) => (text || '').replace(/[\s\u00ad]+/g, (s) => s.includes('\u00ad') ? '' : ' ').trim();

  // textOf leaves out what only marks an optional field.
  const textWithout = (selector) => (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(selector).forEach((part) => part.remove());
    return words(copy.textContent);
  };
  const textOf = textWithout('.kern-label__optional, script, style');
  const withoutCount = textWithout('.mg-num, .kern-sr-only');
  const nameOf = (element) => words(element.getAttribute('aria-label')) || textOf(element);
  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    Array.from(element.getClientRects()).some((box) => box.width > 0 && box.height > 0);

  const onlyOne = (what, found, all) => {
    if (found.length === 1) return found[0];
    throw new Error((found.length ? found.length + ' times ' : 'no ') + what + '; there are: ' + all.join(' | '));
  };

  // scope is the part of the page below a heading, a legend or an accessible name; the whole page without one.
  const scope = (group) => {
    if (!group) return document.body;
    const parts = Array.from(document.querySelectorAll('fieldset, section, article, li, form, nav')).filter(visible);
    const titleOf = (part) => {
      const title = part.querySelector(':scope > legend, :scope > h2, :scope > div > h2, :scope > div > h3, h2, h3, h4');
      const by = document.getElementById(part.getAttribute('aria-labelledby'));
      const legend = part.tagName === 'FIELDSET' ? part.querySelector(':scope > legend') : null;
      return [part.getAttribute('aria-label'), by && textOf(by), legend ? textOf(legend) : title && textOf(title)].map(words);
    };
    const fitting = parts.filter((part) => titleOf(part).includes(group));
    if (!fitting.length) throw new Error('nothing is titled "' + group + '"; there are: ' + parts.map((p) => titleOf(p).filter(Boolean)[0]).filter(Boolean).join(' | '));
    return fitting.reduce((inner, part) => inner.contains(part) ? part : inner); // the innermost of the first
  };

  const label = (text, group) => {
    const labels = Array.from(scope(group).querySelectorAll('label')).filter(visible);
    const titleOf = (one) => textOf(one.querySelector('.mg-row__title') || one);
    return onlyOne('label "' + text + '"', labels.filter((one) => titleOf(one) === words(text)), labels.map(titleOf));
  };
  const controlOf = (one) => {
    const control = one.control;
    if (!control) throw new Error('the label "' + textOf(one) + '" has no control');
    return control;
  };

  const clickable = (kind, name, group) => {
    const selector = kind === 'link' ? 'a[href]' : 'button, input[type=submit], summary';
    const among = (root) => Array.from(root.querySelectorAll(selector)).filter(visible);
    let all = among(scope(group));
    const fits = (element) => [nameOf(element), textOf(element), withoutCount(element)].includes(words(name));
    if (!group) { // what stands in the page itself comes before the navigation
      const own = all.filter((element) => element.closest('main'));
      if (own.some(fits)) all = own;
    }
    const found = all.filter(fits);
    const places = new Set(found.map((element) => element.href || element.form && element.form.action + element.value || element));
    return onlyOne(kind + ' "' + name + '"', places.size === 1 ? found.slice(0, 1) : found, all.map(nameOf));
  };

  // point scrolls an element into view and tells where to click; what covers it is a defect.
  const point = (element) => {
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const box = Array.from(element.getClientRects()).find((b) => b.width > 0 && b.height > 0);
    const x = box.left + Math.min(box.width / 2, 120), y = box.top + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    const control = element.control;
    if (!hit || !(element.contains(hit) || control && control.contains(hit) || hit.contains(element) && hit.tagName === 'LABEL')) {
      throw new Error('"' + nameOf(element) + '" is covered by ' + (hit ? hit.outerHTML.slice(0, 200) : 'nothing visible'));
    }
    return { x, y };
  };

  return {
    // where to click
    link: (name, group) => point(clickable('link', name, group)),
    button: (name, group) => point(clickable('button', name, group)),
    answer: (text, group) => point(label(text, group)),
    exists: (kind, name) => { try { clickable(kind, name); return true; } catch { return false; } },

    // focus makes a text field ready to be typed in, with what it holds selected.
    focus: (text, group) => {
      const control = controlOf(label(text, group));
      control.scrollIntoView({ block: 'center', behavior: 'instant' });
      control.focus();
      if (document.activeElement !== control) throw new Error('"' + text + '" cannot be focused');
      control.select();
      return true;
    },
    value: (text, group) => controlOf(label(text, group)).value,

    // set gives a date, a time or a choice in a list its value, as picking it does.
    set: (text, group, value) => {
      const control = controlOf(label(text, group));
      control.scrollIntoView({ block: 'center', behavior: 'instant' });
      if (control.tagName === 'SELECT') {
        const options = Array.from(control.options);
        value = onlyOne('option "' + value + '"', options.filter((o) => words(o.text) === value), options.map((o) => words(o.text))).value;
      }
      control.value = value;
      if (control.value !== value) throw new Error('"' + text + '" does not take "' + value + '"');
      control.dispatchEvent(new Event('input', { bubbles: true }));
      control.dispatchEvent(new Event('change', { bubbles: true }));
      return true;
    },
    isChosen: (text, group) => controlOf(label(text, group)).checked,
    // unanswered finds the next question with one answer to choose, and where to click for the best of some answers.
    unanswered: (preferred) => {
      for (const question of document.querySelectorAll('main fieldset')) {
        const answers = Array.from(question.querySelectorAll('input[type=radio]')).filter((a) => a.closest('fieldset') === question);
        if (!answers.length || !visible(question) || answers.some((a) => a.checked)) continue;
        const titles = answers.map((a) => textOf(a.labels[0]));
        const best = preferred.find((p) => titles.includes(words(p)));
        if (!best) throw new Error('none of the preferred answers to "' + textOf(question.querySelector('legend')) + '"; there are: ' + titles.join(' | '));
        return { ...point(answers[titles.indexOf(words(best))].labels[0]), answer: best };
      }
      return null;
    },
    folded: (part) => Array.from(document.querySelectorAll('details:not([open]) > summary')).filter(visible).map(textOf)
      .filter((title) => title.includes(part)),
    questions: () => Array.from(document.querySelectorAll('fieldset')).filter((f) => visible(f) && f.querySelector('input[type=radio]'))
      .map((f) => textOf(f.querySelector(':scope > legend'))),
    answers: (group) => Array.from(scope(group).querySelectorAll('label')).filter(visible).map((one) => textOf(one.querySelector('.mg-row__title') || one)),
    links: () => Array.from(document.querySelectorAll('main a[href]')).filter(visible).map((a) => ({ name: nameOf(a), path: a.getAttribute('href') })),

    // page is what can be said about a page without knowing it.
    page: () => {
      const width = document.documentElement.clientWidth;
      const text = words(document.body.innerText);
      return {
        path: location.pathname + location.search, title: document.title, lang: document.documentElement.lang,
        headings: Array.from(document.querySelectorAll('h1')).filter(visible).map(textOf), text,
        alerts: Array.from(document.querySelectorAll('.kern-alert, [role=alert], [role=status]')).filter(visible).map(textOf),
        errors: Array.from(document.querySelectorAll('#fehler a')).filter(visible).map((a) => {
          const target = a.getAttribute('href'), field = target.startsWith('#') && document.getElementById(target.slice(1));
          const leads = !target.startsWith('#') || !!field && /^(INPUT|SELECT|TEXTAREA|FIELDSET)$/.test(field.tagName);
          return { text: textOf(a), leadsOn: leads };
        }),
        scrollWidth: document.documentElement.scrollWidth, width,
        wide: Array.from(document.querySelectorAll('body *')).filter((e) => visible(e) && e.getBoundingClientRect().right > width + 1 &&
          !e.closest('.mg-leer, .kern-table-responsive, svg')).slice(0, 5).map((e) => e.outerHTML.slice(0, 160)),
      };
    },
    openDetails: (open) => document.querySelectorAll('details').forEach((d) => {
      if (open && !d.open) { d.open = true; d.dataset.opened = '1'; }
      if (!open && d.dataset.opened) { d.open = false; delete d.dataset.opened; }
    }),
  };
})()
