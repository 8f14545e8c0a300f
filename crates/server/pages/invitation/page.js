// Accepting an invitation: shows what it is for, takes a password, and leaves the browser signed in. No library, no build.
import { ask, textsOf } from './common.js';

const TEXTS = {
  en: {
    heading: 'You are invited',
    as: (role) => `You will be ${role} here.`,
    gone: 'This invitation does not hold: it was used, taken back, or has expired. Ask for another one.',
    failed: 'This did not work. Try again in a moment.',
    email: 'E-mail address',
    name: 'Name',
    password: 'Password',
    rule: 'At least 12 characters; several words in a row are easy to keep in mind.',
    accept: 'Accept',
    done: (name) => `You are signed in, ${name}.`,
    onwards: 'To the explorer',
    roles: { READER: 'a reader', CONTRIBUTOR: 'a contributor', AUTHOR: 'an author', EDITOR: 'an editor', ADMIN: 'an administrator' },
  },
  fr: {
    heading: 'Vous êtes invité·e',
    as: (role) => `Vous serez ${role} ici.`,
    gone: 'Cette invitation n’est plus valable : elle a servi, a été retirée ou a expiré. Demandez-en une autre.',
    failed: 'Cela n’a pas marché. Réessayez dans un instant.',
    email: 'Adresse électronique',
    name: 'Nom',
    password: 'Mot de passe',
    rule: 'Au moins 12 caractères ; plusieurs mots à la suite se retiennent bien.',
    accept: 'Accepter',
    done: (name) => `Vous êtes connecté·e, ${name}.`,
    onwards: 'Vers l’explorateur',
    roles: { READER: 'lecteur ou lectrice', CONTRIBUTOR: 'pigiste', AUTHOR: 'auteur ou autrice', EDITOR: 'rédacteur ou rédactrice en chef', ADMIN: 'administrateur ou administratrice' },
  },
  ar: {
    heading: 'أنت مدعوّ',
    as: (role) => `ستكون هنا: ${role}.`,
    gone: 'هذه الدعوة غير صالحة: استُعملت أو سُحبت أو انتهت مدّتها. اطلب دعوة أخرى.',
    failed: 'لم ينجح ذلك. حاول مرّة أخرى بعد قليل.',
    email: 'البريد الإلكتروني',
    name: 'الاسم',
    password: 'كلمة السرّ',
    rule: '12 حرفًا على الأقل؛ عدّة كلمات متتالية يسهل حفظها.',
    accept: 'قبول',
    done: (name) => `تمّ تسجيل دخولك يا ${name}.`,
    onwards: 'إلى المستكشف',
    roles: { READER: 'قارئ', CONTRIBUTOR: 'مساهم', AUTHOR: 'كاتب', EDITOR: 'محرّر', ADMIN: 'مدير' },
  },
};

const texts = textsOf(TEXTS);
const token = location.pathname.split('/').filter(Boolean).pop();
const [heading, told, form, onwards] = ['heading', 'told', 'form', 'onwards'].map((id) => document.getElementById(id));
const fields = Object.fromEntries(['email', 'name', 'password'].map((id) => [id, document.getElementById(id)]));

document.title = heading.textContent = texts.heading;
for (const id of Object.keys(fields)) document.querySelector(`#${id}-field span`).textContent = texts[id];
document.getElementById('rule').textContent = texts.rule;
document.getElementById('accept').textContent = texts.accept;
onwards.textContent = texts.onwards;

async function open() {
  const { invitation } = await ask('query($token: String!) { invitation(token: $token) { email name role } }', { token });
  if (!invitation) {
    told.textContent = texts.gone;
    return;
  }
  told.textContent = texts.as(texts.roles[invitation.role] ?? invitation.role);
  fields.email.value = invitation.email ?? '';
  fields.email.readOnly = invitation.email !== null;
  fields.name.value = invitation.name ?? '';
  form.hidden = false;
}

async function accept() {
  const input = { token, password: fields.password.value, name: fields.name.value, email: fields.email.value };
  const { acceptInvitation } = await ask(
    `mutation($input: AcceptInvitationInput!) {
      acceptInvitation(input: $input) { viewer { name } errors { code field message } }
    }`,
    { input },
  );
  const { viewer, errors } = acceptInvitation;
  if (errors.length > 0) {
    told.textContent = errors[0].code === 'NOT_FOUND' ? texts.gone : errors.map((error) => error.message).join(' ');
    fields[errors[0].field?.split('.').pop()]?.focus();
    return;
  }
  form.remove();
  told.textContent = texts.done(viewer.name);
  onwards.hidden = !(await fetch('/graphiql', { method: 'HEAD' })).ok;
}

function failed(error) {
  console.warn(error);
  told.textContent = texts.failed;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = document.getElementById('accept');
  button.disabled = true;
  accept()
    .catch(failed)
    .finally(() => (button.disabled = false));
});
open().catch(failed);
