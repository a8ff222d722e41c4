/*
 * schema: holds a value against a JSON Schema, as far as the API description uses that language.
 *
 *   const schemas = new Schemas({ 'openapi.json': openapi, 'asyncapi.json': asyncapi });
 *   assert.deepEqual(schemas.faults({ $ref: 'openapi.json#/components/schemas/User' }, answer.user), []);
 *
 * Two things a general validator would not do, and both are the point: a keyword that is not one
 * of these rows is an error, so that nothing written into the description goes unchecked; and a
 * member that an object's schema does not name is a fault, so that nothing that the programs say
 * goes undescribed.
 */

const NOTES = new Set(['description', 'default', 'x-status']);

const typeOf = (value) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
const isType = (value, type) => typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer');
const isObject = (value) => typeOf(value) === 'object';
const isText = (value) => typeof value === 'string';
const fault = (is, sentence) => (is ? [sentence] : []);

/* keyword -> faults of `value`; `check` goes down into a part of it, `also` looks at it again. */
const RULES = {
  type: (types, value) => fault(![types].flat().some((type) => isType(value, type)), `is ${typeOf(value)}, not ${types}`),
  const: (wanted, value) => fault(value !== wanted, `is not ${JSON.stringify(wanted)}`),
  enum: (choices, value) => fault(!choices.includes(value), `${JSON.stringify(value)} is none of ${choices}`),
  pattern: (pattern, value) => fault(isText(value) && !new RegExp(pattern, 'u').test(value), `does not match ${pattern}`),
  minLength: (least, value) => fault(isText(value) && [...value].length < least, `is shorter than ${least}`),
  maxLength: (most, value) => fault(isText(value) && [...value].length > most, `is longer than ${most}`),
  minimum: (least, value) => fault(typeof value === 'number' && value < least, `is below ${least}`),
  maximum: (most, value) => fault(typeof value === 'number' && value > most, `is above ${most}`),
  minItems: (least, value) => fault(Array.isArray(value) && value.length < least, `has less than ${least} items`),
  maxItems: (most, value) => fault(Array.isArray(value) && value.length > most, `has more than ${most} items`),
  items: (schema, value, { check }) => (Array.isArray(value) ? value.flatMap((item, i) => check(schema, item, i)) : []),
  required: (names, value) => names.filter((name) => isObject(value) && !(name in value)).map((name) => `has no ${name}`),
  properties: (all, value, { check }) =>
    Object.keys(all).flatMap((name) => (isObject(value) && name in value ? check(all[name], value[name], name) : [])),
  maxProperties: (most, value) =>
    fault(isObject(value) && Object.keys(value).length > most, `has more than ${most} members`),
  propertyNames: (schema, value, { check }) => Object.keys(value).flatMap((name) => check(schema, name, name)),
  additionalProperties: (schema, value, { check }) =>
    Object.keys(value).flatMap((name) => check(schema, value[name], name)),
  allOf: (branches, value, { also }) => branches.flatMap((branch) => also(branch)),
  anyOf: (branches, value, { also }) => fault(branches.every((branch) => also(branch).length), 'fits none of anyOf'),
  oneOf: (branches, value, { also }) => {
    const fitting = branches.filter((branch) => also(branch).length === 0);
    return fault(fitting.length !== 1, `${JSON.stringify(value)} fits ${fitting.length} of oneOf`);
  },
};

export class Schemas {
  /* `documents`: file name -> its JSON; the first one is where a `$ref` without a file points. */
  constructor(documents) {
    this.documents = documents;
    [this.home] = Object.keys(documents);
  }

  /* What a `$ref` points to, and the document in which that stands. */
  find(ref, home = this.home) {
    const [file, path] = ref.split('#');
    const document = file || home;
    const found = path.split('/').slice(1).reduce((at, part) => at?.[part.replaceAll('~1', '/')], this.documents[document]);
    if (found === undefined) throw new Error(`${ref} points nowhere`);
    return { found, home: document };
  }

  /* Sentences; none when `value` fits. `home`: the document that `schema` was taken from. */
  faults(schema, value, home = this.home, path = '') {
    return [...this.apply(schema, value, home, path), ...this.strangers(schema, value, home, path)];
  }

  apply(schema, value, home, path) {
    if (schema.$ref) {
      const { found, home: there } = this.find(schema.$ref, home);
      return this.apply(found, value, there, path);
    }
    const down = {
      check: (part, inner, name) => this.faults(part, inner, home, `${path}/${name}`),
      also: (branch) => this.apply(branch, value, home, path),
    };
    const rules = Object.entries(schema).filter(([keyword]) => !NOTES.has(keyword));
    return rules.flatMap(([keyword, argument]) => {
      if (!RULES[keyword]) throw new Error(`${path}: no rule for the keyword ${keyword}`);
      const sentences = RULES[keyword](argument, value, down);
      return sentences.map((sentence) => (sentence.startsWith('/') ? sentence : `${path || '/'} ${sentence}`));
    });
  }

  strangers(schema, value, home, path) {
    const named = isObject(value) && this.named(schema, home);
    if (!named) return [];
    return Object.keys(value).filter((name) => !named.has(name)).map((name) => `${path}/${name} is not described`);
  }

  /* The members that a schema names, its branches included; null where any may be there. */
  named(schema, home) {
    if (schema.$ref) {
      const { found, home: there } = this.find(schema.$ref, home);
      return this.named(found, there);
    }
    const branches = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    const sets = branches.map((branch) => this.named(branch, home)).filter(Boolean);
    if (schema.properties) sets.push(new Set(Object.keys(schema.properties)));
    return sets.length ? new Set(sets.flatMap((set) => [...set])) : null;
  }
}
