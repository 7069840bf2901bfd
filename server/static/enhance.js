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
})();
