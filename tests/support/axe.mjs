/*
 * axe: what stands in the way of people who see, hear or move otherwise, as far as a program finds it:
 * axe-core's rules of WCAG 2.2 AA and its best practices, in a page or one of its frames.
 *
 *   assert.deepEqual(await faultsOf(page), []);
 *
 * It is evaluated, not added as a script: the page's content security policy allows no others.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/* Each fault as a line: the rule, where, and what is the matter. `except`: [{ rule, at }], what doesn't
 * count of elements that match the selector `at`. */
export async function faultsOf(frame, { except = [] } = {}) {
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(source);
  return frame.evaluate(
    async ([tags, rows]) => {
      const { violations } = await window.axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
        elementRef: true,
      });
      const counts = (id, element) => !rows.some(({ rule, at }) => rule === id && element?.matches(at));
      const line = (id, { target, any, all, none }) =>
        `${id}: ${target.join(' ')}: ${[...any, ...all, ...none].map(({ message }) => message).join('; ')}`;
      return violations.flatMap(({ id, nodes }) =>
        nodes.filter(({ element }) => counts(id, element)).map((node) => line(id, node)));
    },
    [TAGS, except],
  );
}
