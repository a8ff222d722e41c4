/*
 * full_room: a room in which everything stands that can stand in one, for whoever looks at how it is
 * shown; and people in it.
 *
 *   const { room, title, grace, seqs, arrive } = await fillRoom(stack.url, { id, name });
 *
 * `id` and `name` are those of the reader, whom two of the messages mention.
 */
import { newKey, newName, signUp } from './client.mjs';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==', 'base64');

const FORMS = [
  '**Bold**, _soft_, ~~gone~~ and `code`, see https://example.org/path',
  '> what somebody wise has said',
  '- one\n- two',
  '1. first\n2. second',
  '```\nint main(void) { return 0; /* a line that is longer than any screen is wide, so that it has to be scrolled */ }\n```',
].join('\n');

export async function fillRoom(url, reader) {
  const grace = await signUp(url, { display: 'Grace' });
  const lin = await signUp(url, { display: '林小雨' });
  const { room } = await grace.must(201, 'POST', '/rooms',
    { name: newName(), title: 'Full of everything', topic: 'What a room may hold', kind: 'public' });
  const path = `/rooms/${room.id}`;
  await lin.join(room.id);
  await grace.must(201, 'PUT', `${path}/members/${reader.id}`, {});
  await grace.must(200, 'PUT', `${path}/members/${reader.id}`, { role: 'moderator' });
  const say = async (text, more = {}, who = grace) =>
    (await who.must(201, 'POST', `${path}/messages`, { text, key: newKey(), ...more })).message.seq;
  const keep = async (name, bytes) =>
    (await grace.must(201, 'POST', `${path}/files?name=${encodeURIComponent(name)}`, bytes)).file.id;
  const react = (seq, emoji, who = grace) =>
    who.must(204, 'PUT', `${path}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`);

  const seqs = {};
  seqs.long = await say(Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n'));
  seqs.forms = await say(FORMS);
  seqs.mention = await say(`@${reader.name} and @${lin.name}, have a look`, {}, lin);
  seqs.files = await say('with files', { files: [
    await keep('one.png', PNG), await keep('two.png', PNG), await keep('notes of a meeting.txt', Buffer.alloc(2500, 'x'))] });
  seqs.reply = await say('an answer', { reply_to: seqs.mention }, lin);
  seqs.edited = await say('to be changed');
  await grace.must(200, 'PATCH', `${path}/messages/${seqs.edited}`, { text: 'changed' });
  seqs.deleted = await say('to be deleted');
  await grace.must(204, 'DELETE', `${path}/messages/${seqs.deleted}`);
  seqs.jumbo = await say('🎉');
  for (const emoji of ['👍', '🌹', '🐦']) await react(seqs.forms, emoji);
  await react(seqs.forms, '👍', lin);
  await grace.must(204, 'PUT', `${path}/pins/${seqs.forms}`);
  await grace.must(204, 'PUT', `${path}/pins/${seqs.files}`);
  return { room: room.id, path, title: room.title, grace, lin, seqs, say, react };
}
