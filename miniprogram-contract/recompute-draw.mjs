#!/usr/bin/env node
// 复算抽签 · Recomputes a draw from public data alone:
// node recompute-draw.mjs <file or URL of GET /api/v1/activities/{id}/draw, - for standard input> [自己保存的承诺 the commitment you kept]
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
const [source = '-', kept] = process.argv.slice(2)
const text = /^https?:/.test(source) ? await fetch(source).then(answer => answer.text(), fail) : readFileSync(source === '-' ? 0 : source, 'utf8')
const { activityId, commitment, list, result, detail } = (await Promise.resolve(text).then(JSON.parse).catch(() => null)) ?? {}
if (!commitment) fail({ message: detail ?? text })

function fail({ message }) {
  console.log(`没有读到抽签公示 · no draw was read: ${String(message).slice(0, 300)}`)
  process.exit(1)
}

let agrees = true
function compare(what, published, recomputed) {
  const same = String(published) === String(recomputed)
  agrees &&= same
  console.log(`${same ? '一致' : '不一致'} ${what}: ${published}${same ? '' : ` ≠ ${recomputed}`}`)
}

if (kept) compare('自己保存的承诺 the commitment you kept', commitment, kept.toLowerCase())
if (!result) {
  console.log('尚未抽签 · not drawn yet')
  process.exit(agrees ? 2 : 1)
}

const secret = Buffer.from(result.secret, 'hex')
const score = number => sha256(secret, result.value, activityId, Uint8Array.of(number >> 24, number >> 16, number >> 8, number))
const lines = ['draw-list 1', `activity ${activityId}`]
for (const { groupId, capacity, entries } of list.groups) {
  lines.push(`group ${groupId} ${capacity}`, ...entries.map(entry => `${entry.number} ${entry.party}`))
}
compare('密数承诺 commitment', commitment, sha256(secret))
compare('清单哈希 list hash', list.hash, sha256(lines.map(line => `${line}\n`).join('')))
compare('名额组 groups', result.groups.map(group => group.groupId), list.groups.map(group => group.groupId))
for (const { groupId, name, capacity, entries } of list.groups) {
  const { places, winners, line } = result.groups.find(group => group.groupId === groupId) ?? {}
  const order = entries.filter(entry => !result.withdrawn.includes(entry.number)).map(entry => ({ ...entry, score: score(entry.number) })).sort((a, b) => (a.score < b.score ? -1 : 1))
  let left = places
  const full = order.findIndex(entry => (left -= entry.party) < 0)
  const won = full < 0 ? order.length : full
  order.forEach((entry, i) => console.log(`  ${name} ${entry.number}号 ${entry.score} ${i < won ? '中签 wins' : '候补 waits'}`))
  compare(`${name} 名额 places (公示容量 capacity ${capacity})`, places, Math.min(places, capacity))
  compare(`${name} 中签 winners`, winners, order.slice(0, won).map(entry => entry.number))
  compare(`${name} 其余 others`, line, order.slice(won).map(entry => entry.number))
}
console.log(agrees ? '全部一致 · everything agrees' : '不一致,结果不可信 · something differs')
process.exit(agrees ? 0 : 1)
