/**
 * Compiled, never run: what the compiler accepts and what it must refuse. A line below @ts-expect-error that compiles
 * is itself an error.
 */
import { createClient, type Phone } from '../src/client'

/** The real wx, as miniprogram-api-typings describes it, is what the client wants. */
const phone: Phone = wx
const client = createClient({ wx, baseUrl: 'https://union.example.cn' })

export async function accepted() {
  await client.put('/api/v1/me/phone', { body: { code: 'code of the button' } })
  const me = await client.get('/api/v1/me')
  const name: string | null = me.name
  const union: string | undefined = me.membership?.unionName
  const page = await client.get('/api/v1/unions', { query: { division: '410721101', take: 50 } })
  const first: string | undefined = page.items[0]?.id
  const text = await client.get('/api/v1/consent-texts/{purpose}', { path: { purpose: 'membership' }, anonymous: true })
  await client.put('/api/v1/me/consents/{purpose}', {
    path: { purpose: 'membership' },
    body: { version: text.version, textHash: text.textHash },
  })
  const submitted = await client.post('/api/v1/me/membership-application/submission', { body: { version: 3 }, deed: 'kept-by-the-page-1' })
  const state: 'draft' | 'submitted' | 'returned' | 'rejected' | 'approved' | 'withdrawn' = submitted.state
  const nothing: void = await client.delete('/api/v1/me/sessions/{id}', { path: { id: 'f'.repeat(32) } })
  return [phone, name, union, first, state, nothing]
}

export async function refused() {
  // @ts-expect-error a field that the request does not have
  await client.put('/api/v1/me/phone', { body: { code: 'c', phone: '13900000000' } })
  // @ts-expect-error a field of the wrong kind
  await client.put('/api/v1/me/phone', { body: { code: 1 } })
  // @ts-expect-error a demanded field is missing
  await client.post('/api/v1/me/membership-application/submission', { body: {} })
  // @ts-expect-error what is demanded is never null
  await client.post('/api/v1/me/membership-application/submission', { body: { version: null } })
  // @ts-expect-error the body is missing
  await client.put('/api/v1/me/phone')
  // @ts-expect-error a body where none belongs
  await client.get('/api/v1/me', { body: { code: 'c' } })
  // @ts-expect-error no such route
  await client.get('/api/v1/me/salary')
  // @ts-expect-error the route knows no such method
  await client.post('/api/v1/me', {})
  // @ts-expect-error a value of the path is missing
  await client.delete('/api/v1/me/sessions/{id}')
  // @ts-expect-error a value of the query that is demanded
  await client.get('/api/v1/unions')
  // @ts-expect-error a value of the query that the route does not know
  await client.get('/api/v1/me/messages', { query: { page: 1 } })
  // @ts-expect-error an office route is not the mini-program's
  await client.get('/api/v1/office/me')
  // @ts-expect-error an answer's field that is not there
  ;(await client.get('/api/v1/me')).idNumber
  // @ts-expect-error an answer that may be null must be looked at first
  ;(await client.get('/api/v1/me')).membership.unionName
  // @ts-expect-error there is no PATCH on a phone
  await client.patch('/api/v1/me/phone', { body: { code: 'c' } })
  // @ts-expect-error a mini-program has no fetch
  await fetch('https://union.example.cn')
  // @ts-expect-error nor Headers
  new Headers()
  // @ts-expect-error nor URL
  new URL('https://union.example.cn')
}
