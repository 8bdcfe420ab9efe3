/** Phones run old mini-programs for weeks: what was released must go on working. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { compareOpenApi, type Diff } from 'api-smart-diff'

type Document = any

const folder = path.resolve(import.meta.dirname, '../..')
const read = (file: string): Document => JSON.parse(readFileSync(path.join(folder, file), 'utf8'))

/** Judged where it is used, at the routes; a schema by itself neither asks nor answers. */
function breaks(before: Document, after: Document): string[] {
  return compareOpenApi(before, after).diffs
    .filter(d => d.path[0] === 'paths' && !isFewerRefusals(d) && (d.type === 'breaking' || isFieldRefusedNow(d) || isAnsweredOtherwise(d)))
    .map(d => `${d.action} ${d.path.join(' / ')}`)
}

/** A route that refuses less than before harms nobody. */
function isFewerRefusals({ action, path }: Diff): boolean {
  return action === 'remove' && path.at(-2) === 'responses' && Number(path.at(-1)) >= 400
}

/** The tool lets a request field go; we refuse fields that we do not know, so an old mini-program would be refused. */
function isFieldRefusedNow({ action, path }: Diff): boolean {
  return action === 'remove' && path.includes('requestBody') && path.at(-2) === 'properties'
}

/** The tool judges kinds as if we were asked; in an answer a narrower kind is fine and any other is not. */
function isAnsweredOtherwise({ path, before, after }: Diff): boolean {
  const changed = path.at(-1)
  if (!path.includes('responses') || (changed !== 'type' && changed !== 'format')) {
    return false
  }

  const kinds = (kind: unknown) => [kind].flat()
  return kinds(after).some(kind => !kinds(before).includes(kind))
}

for (const name of ['worker', 'office']) {
  test(`the ${name} document breaks nothing that was released`, () => {
    assert.deepEqual(breaks(read(`released/${name}.json`), read(`openapi/${name}.json`)), [])
  })
}

const schema = (document: Document, name: string) => document.components.schemas[name]

const planted: [string, (document: Document) => void][] = [
  ['a request demands more', d => schema(d, 'FillInProfileRequest').required.push('isMigrant')],
  ['a request takes less', d => { schema(d, 'FillInIdentityRequest').properties.name.maxLength = 5 }],
  ['a request field is gone', d => { delete schema(d, 'FillInWorkRequest').properties.post }],
  ['an answer lacks a field', d => { delete schema(d, 'GetMeResponse').properties.phone }],
  ['an answer field changes its kind', d => { schema(d, 'UnionSummary').properties.isHolding.type = 'string' }],
  ['an answer field may be null', d => { schema(d, 'SignInResponse').properties.token.type = ['null', 'string'] }],
  ['an answer field changes its form', d => { schema(d, 'SignInResponse').properties.expiresAt.format = 'date' }],
  ['an answer says a word that old phones do not know', d => schema(d, 'ApplicationState').enum.push('lost')],
  ['a route is gone', d => { delete d.paths['/api/v1/me/messages'] }],
  ['a method is gone', d => { delete d.paths['/api/v1/me/sessions'].delete }],
  ['a query value is demanded', d => { d.paths['/api/v1/me/messages'].get.parameters[0].required = true }],
]

for (const [what, plant] of planted) {
  test(`control: it is found when ${what}`, () => {
    const changed = read('openapi/worker.json')
    plant(changed)

    assert.notDeepEqual(breaks(read('openapi/worker.json'), changed), [])
  })
}

test('control: additions, narrower answers and fewer refusals break nothing', () => {
  const changed = read('openapi/worker.json')
  schema(changed, 'GetMeResponse').properties.nickname = { type: 'string' }
  schema(changed, 'GetMeResponse').properties.name.type = 'string'
  schema(changed, 'FillInProfileRequest').properties.nickname = { type: 'string' }
  delete changed.paths['/api/v1/me'].get.responses['403']
  changed.paths['/api/v1/news'] = changed.paths['/api/v1/me/messages']

  assert.deepEqual(breaks(read('openapi/worker.json'), changed), [])
})
