/*
 * api: the description of the API (nginx/www/api/) as a test needs it: every operation as one
 * object, its references followed. Knows nothing of whether it is true.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Schemas } from './schema.mjs';
import { root } from './stack.mjs';

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const JSON_TYPE = 'application/json';

export const textOf = (name) => readFileSync(join(root, 'nginx/www/api', name), 'utf8');
export const openapi = JSON.parse(textOf('openapi.json'));
export const asyncapi = JSON.parse(textOf('asyncapi.json'));
export const schemas = new Schemas({ 'openapi.json': openapi, 'asyncapi.json': asyncapi });

export const follow = (thing) => (thing.$ref ? schemas.find(thing.$ref).found : thing);

/* {operationId, method, path, parameters, body: {schema, example}, raw: {example} of what is no JSON,
 * responses: status -> response} */
export const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => method in item).map((method) => {
    const operation = item[method];
    const responses = Object.entries(operation.responses);
    return {
      ...operation, method, path,
      parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(follow),
      responses: new Map(responses.map(([status, response]) => [Number(status), follow(response)])),
      body: operation.requestBody?.content[JSON_TYPE],
      raw: operation.requestBody?.content['application/octet-stream'],
    };
  }));

export const operationOf = (id) => operations.find(({ operationId }) => operationId === id);
export const inQuery = ({ parameters }) => parameters.filter((parameter) => parameter.in === 'query');

/* Whether it can be done without credentials. */
export const isPublic = ({ security }) =>
  security?.length === 0 || security?.some((one) => Object.keys(one).length === 0);

/* The problem document of a response, and the code words that it may bear. */
export const problemOf = (response) => response.content?.['application/problem+json'];
export const codesOf = (response) => problemOf(response).schema.allOf[1].properties.code.enum;

/* A path with its {…} filled in; as in the examples, where `value` is not given. */
export function fill({ path, parameters }, value) {
  const example = (name) => parameters.find((parameter) => parameter.name === name).example;
  return path.replace(/\{(\w+)\}/g, (_, name) => (value ?? example)(name));
}
