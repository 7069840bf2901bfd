/* MiGlobe – enhance.js. Optional: every page works without it. No dependencies, nothing inline, no words of its own. */
(function () {
  'use strict';

  // 1. After an error: the focus is on the summary.
  var errors = document.getElementById('fehler');
  if (errors && !location.hash) errors.focus();

  // 2. Characters left in a text field. They are read out only when it gets tight.
  document.querySelectorAll('textarea[data-count][maxlength]').forEach(function (field) {
    var max = Number(field.getAttribute('maxlength'));
    var out = document.createElement('p');
    out.className = 'mg-count';
    field.insertAdjacentElement('afterend', out);
    function show() {
      var left = max - Array.from(field.value).length;
      var words = left < 0 ? field.dataset.countOver : field.dataset.countLeft;
      out.textContent = words.replace('{n}', Math.abs(left).toLocaleString(document.documentElement.lang));
      if (left < 100) out.setAttribute('aria-live', 'polite'); else out.removeAttribute('aria-live');
    }
    field.addEventListener('input', show);
    show();
  });

  // 3. Fields that depend on another answer. The server checks the condition again.
  function answersOf(form, name) {
    return Array.from(form.elements).filter(function (field) {
      if (field.name !== name || field.closest('[hidden]')) return false;
      return field.type !== 'radio' && field.type !== 'checkbox' || field.checked;
    }).map(function (field) { return field.value; }).filter(Boolean);
  }
  document.querySelectorAll('form').forEach(function (form) {
    var dependent = form.querySelectorAll('.mg-reveal[data-show-field]');
    if (!dependent.length) return;
    function show() {
      dependent.forEach(function (part) {
        var answers = answersOf(form, part.dataset.showField);
        var option = part.dataset.showOption, not = part.dataset.showNotOption;
        part.hidden = option ? !answers.includes(option) : !answers.length || answers.includes(not);
      });
    }
    form.addEventListener('change', show);
    show();
  });

  // 4. No double submits. The server tells repeats apart as well.
  document.querySelectorAll('form[method="post"]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = '1';
      setTimeout(function () { delete form.dataset.sent; }, 5000);
    });
  });
  // A page that comes back from the browser's memory may be sent again.
  addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });

  // 5. Keys of lists. They can be switched off (WCAG 2.1.4), and leave alone whoever types.
  document.querySelectorAll('[data-keys]').forEach(function (help) {
    var off = 'miglobe-keys-off', wanted = help.querySelector('[data-keys-switch]');
    try { wanted.checked = !localStorage.getItem(off); } catch (e) { /* nothing can be kept here */ }
    wanted.addEventListener('change', function () {
      try { if (wanted.checked) localStorage.removeItem(off); else localStorage.setItem(off, '1'); } catch (e) { /* for this page only */ }
    });
    help.hidden = false;

    function isTyping(element) {
      return element.isContentEditable || element.matches('textarea, select, input:not([type=checkbox], [type=radio])');
    }
    function rowOf(element) { return element && element.closest('[data-row]'); }
    function move(by) {
      var rows = Array.from(document.querySelectorAll('[data-row]'));
      var at = rows.indexOf(rowOf(document.activeElement));
      var row = rows[at < 0 ? 0 : at + by];
      if (row) row.querySelector('a[href]').focus();
    }
    var keys = {
      '/': function () {
        var search = document.querySelector('main input[type="search"]');
        if (search) { search.focus(); search.select(); }
      },
      'j': function () { move(1); },
      'k': function () { move(-1); },
      'x': function () {
        var row = rowOf(document.activeElement), box = row && row.querySelector('input[type="checkbox"]');
        if (box) box.click();
      },
      '?': function () {
        help.open = !help.open;
        help.querySelector('summary').focus();
      }
    };
    document.addEventListener('keydown', function (event) {
      if (!wanted.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
      if (!Object.hasOwn(keys, event.key)) return;
      event.preventDefault();
      keys[event.key]();
    });
  });
})();
