/** The script by which anybody recomputes a draw: says yes to a true one and no as soon as anything in it was changed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const folder = path.resolve(import.meta.dirname, '../..')

/** A draw that was reckoned by hand with another program. */
const published = (): any => JSON.parse(readFileSync(path.join(folder, 'tests/draw.json'), 'utf8'))

const recompute = (draw: unknown, ...more: string[]) =>
  spawnSync(process.execPath, [path.join(folder, 'recompute-draw.mjs'), ...more], { input: typeof draw === 'string' ? draw : JSON.stringify(draw), encoding: 'utf8' })

test('a true draw agrees', () => {
  const answer = recompute(published())
  assert.equal(answer.status, 0, answer.stdout + answer.stderr)
  assert.match(answer.stdout, /2号 40ab9af255efcf970619fc3659ebd040a756e006db8b21a4341e4165afa23d76 中签/)
})

const changes: Record<string, (draw: any) => void> = {
  'the secret': draw => { draw.result.secret = draw.result.secret.replace(/^00/, '01') },
  'the commitment': draw => { draw.commitment = draw.commitment.replace(/^6/, '7') },
  'the public value': draw => { draw.result.value = '05 12 18 22 27 31+10' },
  'a number': draw => { draw.list.groups[0].entries[0].number = 6 },
  'a party': draw => { draw.list.groups[0].entries[1].party = 1 },
  'a capacity': draw => { draw.list.groups[1].capacity = 2 },
  'a winner': draw => { draw.result.groups[0].winners = [300] },
  'the order of the line': draw => { draw.result.groups[0].line.reverse() },
  'more places than were published': draw => { Object.assign(draw.result.groups[1], { places: 2, winners: [3, 5], line: [] }) },
  'a number withdrawn': draw => { draw.result.withdrawn = [] },
  'a group': draw => { draw.result.groups.pop() },
}

for (const [what, change] of Object.entries(changes)) {
  test(`${what} changed after the fact is found`, () => {
    const draw = published()
    change(draw)
    const answer = recompute(draw)
    assert.equal(answer.status, 1, answer.stdout + answer.stderr)
    assert.match(answer.stdout, /不一致/)
  })
}

test('a draw that is yet to come is said to be so', () => {
  assert.equal(recompute({ ...published(), result: null }).status, 2)
})

const answers: Record<string, [unknown, RegExp]> = {
  'a refusal': [{ status: 404, code: 'not_found', detail: '没有找到您要的内容。' }, /没有找到您要的内容。/],
  'too many requests': [{ status: 429, code: 'too_many_requests', detail: '请求过于频繁,请稍后再试。' }, /请求过于频繁/],
  'a draw without a commitment': [{ ...published(), commitment: null, result: null }, /没有读到抽签公示/],
  'a page of another program': ['<html>502 Bad Gateway</html>', /502 Bad Gateway/],
  'nothing': ['null', /没有读到抽签公示/],
}

for (const [what, [answer, says]] of Object.entries(answers)) {
  test(`${what} is not taken for a draw that is yet to come`, () => {
    const said = recompute(answer)
    assert.equal(said.status, 1, said.stdout + said.stderr)
    assert.match(said.stdout, says)
  })
}

test('a server that is not there is said to be so', () => {
  const said = recompute('', 'http://127.0.0.1:9/api/v1/activities/1/draw')
  assert.equal(said.status, 1, said.stdout + said.stderr)
  assert.match(said.stdout, /没有读到抽签公示/)
})

test('the commitment that somebody kept is held against the published one, before the draw too', () => {
  const kept = published().commitment
  assert.equal(recompute(published(), '-', kept.toUpperCase()).status, 0)
  assert.equal(recompute(published(), '-', kept.replace(/^6/, '7')).status, 1)
  assert.equal(recompute({ ...published(), result: null }, '-', kept).status, 2)
  assert.equal(recompute({ ...published(), result: null }, '-', kept.replace(/^6/, '7')).status, 1)
})
