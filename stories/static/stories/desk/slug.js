"use strict";

// The slug that a form suggests, by the rules of domain/text/slugs.py, since Django's own drops vowel signs.
{
  const ignored =
    /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\u{e0000}-\u{e0fff}]/gu;
  const optional = /[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/gu;
  const gaps = /[\s\u1361\u0f0b\u0f0c\u058a\u05be\u2010-\u2015\u2212\u301c\ufe58\ufe63\uff0d-]+/gu;
  const spaceInHan =
    /(?<=[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}])\s+(?=[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}])/gu;
  const apostrophes = /['’‘‛′`´＇\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u05f3\ua78c]/gu;
  // A consonant without a vowel, as a consonant with a sign that would be ignored: the older encoding of one letter.
  const joined = { "ണ്": "ൺ", "ന്": "ൻ", "ര്": "ർ", "ല്": "ൽ", "ള്": "ൾ", "ക്": "ൿ", "ত্": "ৎ" };
  const withJoiner = new RegExp(`(${Object.keys(joined).join("|")})\u200d`, "gu");
  const whole = new Set(["\u0e33", "\u0eb3"]);

  const cut = (slug, longest) => {
    let end = longest;
    while (end && /^\p{M}/u.test(slug.slice(end))) {
      end -= 1;
    }
    return slug.length <= longest ? slug : slug.slice(0, end).replace(/^[-_]+|[-_]+$/g, "");
  };

  const made = (text) =>
    Array.from(
      text
        .replace(apostrophes, "")
        .replace(withJoiner, (_found, letter) => joined[letter])
        .replace(ignored, "")
        .normalize("NFC"),
      (letter) => (whole.has(letter) ? letter : letter.normalize("NFKC")),
    )
      .join("")
      .normalize("NFC")
      .toLowerCase()
      .replaceAll("i\u0307", "i")
      .replaceAll("เเ", "แ")
      .replaceAll("ເເ", "ແ")
      .replace(optional, "")
      .normalize("NFC")
      .trim()
      .replace(spaceInHan, "")
      .replace(gaps, "-")
      .replace(/[^-_\p{L}\p{N}\p{M}]+/gu, "")
      .replace(/(?<![\p{L}\p{N}\p{M}])\p{M}+/gu, "")
      .replace(/-+/g, "-")
      .replace(/^[-_]+|[-_]+$/g, "")
      .normalize("NFC");

  // Django's scripts may run after this one.
  document.addEventListener("DOMContentLoaded", () => {
    const django = window.URLify;
    window.URLify = (text, longest, allowUnicode) =>
      allowUnicode && /[^\0-\x7f]/.test(text) ? cut(made(text), longest) : django(text, longest, allowUnicode);
  });

  // Django’s scripts listen to keys: what is pasted or dictated, and saved at once, would have no slug.
  document.addEventListener("input", ({ target }) => {
    if (target.matches("#id_headline, #id_name")) window.django.jQuery(target).trigger("keyup");
  });
}
