/** The client with a phone against the running program. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createClient, newDeed, NoAnswer, NoLogin, Problem } from '../src/client.js'
import { FakePhone } from './phone.js'
import { codeFor, idNumber, startProgram, type Program } from './program.js'

let program: Program
let people = 0

before(async () => {
  program = await startProgram()
  // What a mini-program does not have is taken away, so that a use of it would be seen here.
  for (const name of ['fetch', 'Headers', 'Request', 'Response', 'URL', 'URLSearchParams', 'AbortController']) {
    Reflect.deleteProperty(globalThis, name)
  }
})

after(() => program?.end())

function somebody(settings: { atOnce?: number } = {}) {
  const phone = new FakePhone(program)
  return { phone, client: createClient({ wx: phone, baseUrl: program.url, ...settings }) }
}

type Somebody = ReturnType<typeof somebody>

/** Everything but the submission. */
async function fillIn({ phone, client }: Somebody): Promise<number> {
  const sequence = ++people
  const code = await codeFor(program, 'phone-codes', phone.user, `1390000${String(sequence).padStart(4, '0')}`)
  await client.put('/api/v1/me/phone', { body: { code } })
  const unions = await client.post('/api/v1/union-searches', { body: { words: '金穗' } })
  const identity = await client.put('/api/v1/me/membership-application/identity', {
    body: { name: '陈晓光', idType: '1', idNumber: idNumber(sequence), idValidTo: 'long_term', ethnicity: '01' },
  })
  const work = await client.put('/api/v1/me/membership-application/work', {
    body: {
      version: identity.version, unionId: unions.items[0]!.id, employerName: '新乡县金穗面粉有限公司',
      employmentStatus: '1', employmentForm: '1', newFormOfEmployment: '0',
    },
  })
  const profile = await client.put('/api/v1/me/membership-application/profile', {
    body: { version: work.version, education: '31', homeDivision: '410721101' },
  })
  const text = await client.get('/api/v1/consent-texts/{purpose}', { path: { purpose: 'membership' }, anonymous: true })
  await client.put('/api/v1/me/consents/{purpose}', { path: { purpose: 'membership' }, body: { version: text.version, textHash: text.textHash } })
  return profile.version
}

async function refusalOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(() => assert.fail('It was not refused.'), (e: unknown) => e)
  assert.ok(error instanceof Problem, String(error))
  return error
}

const submission = '/api/v1/me/membership-application/submission'

test('a worker goes from wx.login to a submitted application', async () => {
  const worker = somebody()
  const stranger = await worker.client.get('/api/v1/me')
  assert.equal(stranger.name, null)
  assert.equal(stranger.phone, null)

  const version = await fillIn(worker)
  const submitted = await worker.client.post(submission, { body: { version } })
  assert.equal(submitted.state, 'submitted')
  assert.match(submitted.contactDueOn, /^\d{4}-\d{2}-\d{2}$/)

  const me = await worker.client.get('/api/v1/me')
  assert.equal(me.name, '陈晓光')
  assert.match(me.phone ?? '', /^139\*{4}\d{4}$/)
  assert.equal(me.applicationState, 'submitted')
  const { application } = await worker.client.get('/api/v1/me/membership')
  assert.deepEqual(application?.steps.map(s => s.kind), ['submission'])
  assert.equal(worker.phone.logins, 1)
})

test('callers at the same time share one wx.login', async () => {
  const { phone, client } = somebody()

  const answers = await Promise.all([client.signIn(), ...Array.from({ length: 6 }, () => client.get('/api/v1/me'))])

  assert.equal(answers.length, 7)
  assert.equal(phone.logins, 1)
  assert.equal(phone.journeys.filter(j => j.path === '/api/v1/sessions').length, 1)
})

test('the session outlives the mini-program', async () => {
  const { phone, client } = somebody()
  const first = await client.get('/api/v1/me')

  const reopened = createClient({ wx: phone, baseUrl: program.url })

  assert.equal((await reopened.get('/api/v1/me')).personId, first.personId)
  assert.equal(phone.logins, 1)
})

test('when the session ended, all callers together take one fresh wx.login and go on', async () => {
  const { phone, client } = somebody()
  const before = await client.get('/api/v1/me')
  await client.delete('/api/v1/me/sessions')

  const answers = await Promise.all(Array.from({ length: 6 }, () => client.get('/api/v1/me')))

  assert.deepEqual(new Set(answers.map(a => a.personId)), new Set([before.personId]))
  assert.equal(phone.logins, 2)
})

test('a refusal of the old session that arrives late does not cost the new one', async () => {
  const { phone, client } = somebody()
  await client.get('/api/v1/me')
  await client.delete('/api/v1/me/sessions')
  let arrive = () => {}
  phone.slowness = new Promise(resolve => { arrive = resolve })

  const late = client.get('/api/v1/me')
  const early = await client.get('/api/v1/me')
  arrive()

  assert.equal((await late).personId, early.personId)
  assert.equal(phone.logins, 2)
})

test('a code that is spent already is replaced once', async () => {
  const { phone, client } = somebody()
  phone.spentCodes = 1
  await client.signIn()
  assert.equal(phone.logins, 2)

  const unlucky = somebody()
  unlucky.phone.spentCodes = 2
  const refusal = await refusalOf(unlucky.client.signIn())
  assert.deepEqual([refusal.status, refusal.code, unlucky.phone.logins], [401, 'wechat_code_unusable', 2])
})

test('a session that ends again at once is told, not tried for ever', async () => {
  const { phone, client } = somebody()
  await client.signIn()
  phone.getStorageSync = () => 'worn-out'

  const refusal = await refusalOf(client.get('/api/v1/me'))

  assert.deepEqual([refusal.status, refusal.code], [401, 'sign_in_needed'])
  assert.equal(phone.journeys.filter(j => j.path === '/api/v1/me').length, 2)
})

test('signing out ends the session there and forgets it here', async () => {
  const { phone, client } = somebody()
  await client.signIn()
  const token = phone.storage.get('union-session')

  await client.signOut()
  assert.equal(phone.storage.size, 0)

  phone.storage.set('union-session', token)
  await client.get('/api/v1/me')
  assert.equal(phone.logins, 2)
})

test('ten requests run at a time and the others wait', async () => {
  const { phone, client } = somebody()
  await client.signIn()

  await Promise.all(Array.from({ length: 40 }, () => client.get('/api/v1/me')))

  assert.equal(phone.mostSeenAtOnce, 10)
  assert.equal(phone.journeys.filter(j => j.path === '/api/v1/me').length, 40)
})

test('control: without the queue the phone refuses the eleventh', async () => {
  const { client } = somebody({ atOnce: 40 })
  await client.signIn()

  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => client.get('/api/v1/me')))

  assert.ok(outcomes.some(o => o.status === 'rejected' && o.reason instanceof NoAnswer && /exceed max task count/.test(o.reason.errMsg)))
})

test('a refusal is an error with status, code, sentence and traceId', async () => {
  const { client } = somebody()

  const refusal = await refusalOf(client.post(submission, { body: { version: 1 } }))

  assert.deepEqual([refusal.status, refusal.code], [409, 'no_open_application'])
  assert.match(refusal.detail, /申请/)
  assert.match(refusal.traceId ?? '', /^[0-9a-f]{32}$/)
  assert.deepEqual([refusal.errors, refusal.retryAfter, refusal.present], [{}, null, null])
})

test('a refusal names the fields at fault, and the present state when somebody was faster', async () => {
  const { client } = somebody()
  const wrong = await refusalOf(client.put('/api/v1/me/membership-application/identity', {
    body: { name: '陈晓光', idType: '1', idNumber: '410721199003070000', idValidTo: 'long_term', ethnicity: '99' },
  }))
  assert.deepEqual([wrong.status, wrong.code], [400, 'malformed'])
  assert.deepEqual(Object.keys(wrong.errors), ['ethnicity'])

  const worker = somebody()
  const version = await fillIn(worker)
  const late = await refusalOf(worker.client.post(submission, { body: { version: version - 1 } }))
  assert.deepEqual([late.status, late.code, late.present], [409, 'changed_meanwhile', { state: 'draft', version }])
})

test('a wait is told in seconds', async () => {
  const { client } = somebody()

  const search = () => client.post('/api/v1/union-searches', { body: { words: '工会' } })
  const outcomes = await Promise.allSettled(Array.from({ length: 31 }, search))

  const refusals = outcomes.flatMap(o => o.status === 'rejected' ? [o.reason as Problem] : [])
  assert.deepEqual(refusals.map(r => [r.status, r.code, r.retryAfter]), [[429, 'too_many_requests', 60]])
})

test('the same deed sent twice is done once and answered alike', async () => {
  const worker = somebody()
  const version = await fillIn(worker)
  const deed = newDeed()

  const first = await worker.client.post(submission, { body: { version }, deed })
  const again = await worker.client.post(submission, { body: { version }, deed })
  assert.deepEqual(again, first)

  const other = await refusalOf(worker.client.post(submission, { body: { version: version + 1 }, deed }))
  assert.deepEqual([other.status, other.code], [422, 'idempotency_key_reused'])
  const fresh = await refusalOf(worker.client.post(submission, { body: { version } }))
  assert.deepEqual([fresh.status, fresh.code], [409, 'application_under_review'])
})

test('a deed whose answer was cut off is repeated with its key and done once', async () => {
  const worker = somebody()
  const version = await fillIn(worker)
  worker.phone.interruptions = 2

  const submitted = await worker.client.post(submission, { body: { version } })

  assert.equal(submitted.state, 'submitted')
  const sent = worker.phone.journeys.filter(j => j.path === submission)
  assert.equal(sent.length, 3)
  assert.equal(new Set(sent.map(j => j.deed)).size, 1)
  const { application } = await worker.client.get('/api/v1/me/membership')
  assert.deepEqual(application?.steps.map(s => s.kind), ['submission'])
})

test('a step whose answer was cut off is repeated and answered as if nothing had happened', async () => {
  const worker = somebody()
  const version = await fillIn(worker)
  worker.phone.interruptions = 1

  const step = await worker.client.put('/api/v1/me/membership-application/profile', { body: { version, education: '21' } })

  assert.equal(step.version, version + 1)
})

test('a sign-in whose answer was cut off takes a fresh code', async () => {
  const { phone, client } = somebody()
  phone.interruptions = 1

  await client.get('/api/v1/me')

  assert.equal(phone.logins, 2)
})

test('interruptions without end are told', async () => {
  const { phone, client } = somebody()
  await client.signIn()
  phone.interruptions = 9

  await assert.rejects(client.get('/api/v1/me'), (e: unknown) => e instanceof NoAnswer && /interrupted/.test(e.errMsg))
  assert.equal(phone.interruptions, 6)
})

test('a phone without network is told apart from a refusal', async () => {
  const { phone, client } = somebody()
  phone.isOffline = true
  await assert.rejects(client.get('/api/v1/me'), NoLogin)

  phone.isOffline = false
  await client.signIn()
  phone.isOffline = true
  await assert.rejects(client.get('/api/v1/me'), NoAnswer)

  phone.isOffline = false
  assert.ok((await client.get('/api/v1/me')).personId)
})

test('words that something between phone and platform says become a problem', async () => {
  const { phone, client } = somebody()
  await client.signIn()
  const real = phone.request.bind(phone)
  phone.request = options => options.success({ statusCode: 502, data: '<html>Bad Gateway</html>', header: { 'retry-after': '7' } })
  const gateway = await refusalOf(client.get('/api/v1/me'))
  assert.deepEqual([gateway.status, gateway.code, gateway.retryAfter], [502, 'unreadable_answer', 7])

  phone.request = options => options.success({ statusCode: 200, data: '<html>Please sign in to this Wi-Fi</html>', header: {} })
  assert.equal((await refusalOf(client.get('/api/v1/me'))).code, 'unreadable_answer')

  phone.request = real
  assert.ok((await client.get('/api/v1/me')).personId)
})

test('texts and values reach the platform as they are', async () => {
  const { phone, client } = somebody()
  await client.get('/api/v1/unions', { query: { division: '410721', take: 1 } })
  assert.ok(phone.journeys.some(j => j.path === '/api/v1/unions?division=410721&take=1'))

  const refusal = await refusalOf(client.get('/api/v1/me/messages', { query: { after: '页 & 1?' } }))
  assert.deepEqual(Object.keys(refusal.errors), ['after'])
})

test('a key is new for each deed and of the form the platform demands', () => {
  const keys = Array.from({ length: 2000 }, newDeed)

  assert.equal(new Set(keys).size, 2000)
  assert.ok(keys.every(k => /^[A-Za-z0-9_-]{16,64}$/.test(k)))
})
