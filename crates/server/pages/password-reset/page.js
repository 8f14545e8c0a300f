// A forgotten password: without a token asks for a letter, with one sets a new password. No library, no build.
import { ask, textsOf } from './common.js';

const texts = textsOf({
  en: {
    heading: 'A new password',
    email: 'E-mail address',
    send: 'Send me a letter',
    sent: 'If this address has a login, a letter is on its way. Its link holds for an hour.',
    password: 'New password',
    rule: 'At least 12 characters; several words in a row are easy to keep in mind.',
    set: 'Set the password',
    done: 'The new password holds. Everybody who was signed in with the old one is signed out.',
    gone: 'This link does not hold: it was used or has expired. Ask for another letter.',
    wait: (seconds) => `Too many attempts. Try again in ${seconds} seconds.`,
    failed: 'This did not work. Try again in a moment.',
    onwards: 'To the explorer',
  },
  fr: {
    heading: 'Nouveau mot de passe',
    email: 'Adresse électronique',
    send: 'Envoyez-moi une lettre',
    sent: 'Si cette adresse a un compte, une lettre est en route. Son lien est valable une heure.',
    password: 'Nouveau mot de passe',
    rule: 'Au moins 12 caractères ; plusieurs mots à la suite se retiennent bien.',
    set: 'Enregistrer',
    done: 'Le nouveau mot de passe est en vigueur. Toutes les sessions ouvertes avec l’ancien sont fermées.',
    gone: 'Ce lien n’est plus valable : il a servi ou a expiré. Demandez une autre lettre.',
    wait: (seconds) => `Trop d’essais. Réessayez dans ${seconds} secondes.`,
    failed: 'Cela n’a pas marché. Réessayez dans un instant.',
    onwards: 'Vers l’explorateur',
  },
  ar: {
    heading: 'كلمة سرّ جديدة',
    email: 'البريد الإلكتروني',
    send: 'إرسال رسالة',
    sent: 'إن كان لهذا العنوان حساب فالرسالة في طريقها إليه. رابطها صالح ساعة واحدة.',
    password: 'كلمة السرّ الجديدة',
    rule: '12 حرفًا على الأقل؛ عدّة كلمات متتالية يسهل حفظها.',
    set: 'حفظ',
    done: 'كلمة السرّ الجديدة سارية، وأُغلقت كلّ الجلسات المفتوحة بالقديمة.',
    gone: 'هذا الرابط غير صالح: استُعمل أو انتهت مدّته. اطلب رسالة أخرى.',
    wait: (seconds) => `محاولات كثيرة. حاول بعد ${seconds} ثانية.`,
    failed: 'لم ينجح ذلك. حاول مرّة أخرى بعد قليل.',
    onwards: 'إلى المستكشف',
  },
});

const [, token] = location.pathname.split('/').filter(Boolean);
const [heading, told, form, send, rule, onwards] = ['heading', 'told', 'form', 'send', 'rule', 'onwards'].map((id) =>
  document.getElementById(id),
);
const wanted = token ? 'password' : 'email';
const field = document.getElementById(wanted);

document.title = heading.textContent = texts.heading;
document.querySelector(`#${wanted}-field span`).textContent = texts[wanted];
document.getElementById(`${wanted}-field`).hidden = false;
rule.textContent = texts.rule;
rule.hidden = !token;
send.textContent = token ? texts.set : texts.send;
onwards.textContent = texts.onwards;
field.required = true;
form.hidden = false;

const REQUEST = `mutation($input: RequestPasswordResetInput!) {
  answer: requestPasswordReset(input: $input) { ok errors { code message retryAfter } }
}`;
const RESET = 'mutation($input: ResetPasswordInput!) { answer: resetPassword(input: $input) { ok errors { code message retryAfter } } }';

async function submit() {
  const value = field.value;
  const { answer } = token
    ? await ask(RESET, { input: { token, password: value } })
    : await ask(REQUEST, { input: { email: value } });
  if (answer.ok) {
    form.remove();
    told.textContent = token ? texts.done : texts.sent;
    onwards.hidden = !token || !(await fetch('/graphiql', { method: 'HEAD' })).ok;
    return;
  }
  const [{ code, message, retryAfter }] = answer.errors;
  told.textContent = code === 'NOT_FOUND' ? texts.gone : retryAfter ? texts.wait(retryAfter) : message;
  field.focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  send.disabled = true;
  submit()
    .catch((error) => {
      console.warn(error);
      told.textContent = texts.failed;
    })
    .finally(() => (send.disabled = false));
});
