/**
 * Requests of the mini-program to the union's platform: signs in by itself, sends the session, makes each deed safe to
 * repeat, tells refusals as typed errors. Copy this file and worker.ts into the mini-program; nothing else is needed.
 */
import type { paths } from './worker'

// ---- what is sent and answered, read from the OpenAPI document ----

type Method = 'get' | 'post' | 'put' | 'delete'
type PathWith<M extends Method> = { [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never }[keyof paths]

type PathValues<O> = O extends { parameters: { path: infer V } } ? { path: V } : { path?: undefined }
type Query<O> = O extends { parameters: { query: infer Q } } ? { query: Q }
  : O extends { parameters: { query?: infer Q } } ? { query?: Q }
  : { query?: undefined }
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : { body?: undefined }

/** How to send one request. */
export interface Manner {
  /** A key of {@link newDeed}, kept by the page: pressing the button again repeats the same deed instead of doing it twice. */
  deed?: string
  /** For routes that need no session: does not sign in first. */
  anonymous?: boolean
}

type Input<O> = PathValues<O> & Query<O> & Body<O> & Manner
type InputOf<O> = {} extends Input<O> ? [input?: Input<O>] : [input: Input<O>]
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201)]: R[S] extends { content: { 'application/json': infer T } } ? T : never }[keyof R & (200 | 201)] extends infer T
    ? [T] extends [never] ? void : T
    : never
  : never

// ---- what it needs of the phone ----

interface Sent {
  statusCode: number
  data: unknown
  header: Record<string, unknown>
}

/** The part of `wx` that is used; give it `wx`. */
export interface Phone {
  login(options: { success(result: { code: string }): void; fail(error: { errMsg: string }): void }): unknown
  request(options: {
    url: string
    method: 'GET' | 'POST' | 'PUT' | 'DELETE'
    header: Record<string, string>
    data?: string
    dataType: string
    timeout: number
    success(result: Sent): void
    fail(error: { errMsg: string }): void
  }): unknown
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: string): void
  removeStorageSync(key: string): void
}

export interface Settings {
  wx: Phone
  /** https://…, without a slash at the end; must be a request domain of the mini-program. */
  baseUrl: string
  /** Milliseconds for one request, 15000 when not given. */
  timeout?: number
  /** Requests at the same time; WeChat allows ten, uploads and downloads included. */
  atOnce?: number
}

// ---- what can go wrong ----

/** The platform said no. `detail` is a Chinese sentence to show; `code` is for the program and stands in errors.md. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** Sentences per field, by the names of the body. */
    readonly errors: Record<string, string[]>,
    /** To be told when asking for help. */
    readonly traceId: string | null,
    /** Seconds to wait before sending the same again. */
    readonly retryAfter: number | null,
    /** With changed_meanwhile: the present state. */
    readonly present: Record<string, unknown> | null,
  ) {
    super(detail)
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'Problem'
  }
}

/** No answer came, so it is not known whether the deed was done: offer to repeat it, with the same `deed`. */
export class NoAnswer extends Error {
  readonly detail = '网络不通畅,请检查网络后重试。'

  constructor(readonly errMsg: string) {
    super(errMsg)
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'NoAnswer'
  }
}

/** wx.login itself failed. */
export class NoLogin extends Error {
  readonly detail = '微信登录失败,请稍后重试。'

  constructor(readonly errMsg: string) {
    super(errMsg)
    Object.setPrototypeOf(this, new.target.prototype)
    this.name = 'NoLogin'
  }
}

// ---- the client ----

const tokenKey = 'union-session'
const mostRepeats = 2
const usualTimeout = 15_000
const allowedAtOnce = 10

/** A key for one deed of the person, such as one press of “提交”. */
export function newDeed(): string {
  const random = () => Math.random().toString(36).slice(2, 12)
  return `${Date.now().toString(36)}-${random()}-${random()}-0000000000`.slice(0, 32)
}

export function createClient(settings: Settings) {
  const { wx, baseUrl } = settings
  const inTurn = queue(settings.atOnce ?? allowedAtOnce)
  let signingIn: Promise<string> | null = null

  return {
    get: <P extends PathWith<'get'>>(path: P, ...input: InputOf<paths[P]['get']>) =>
      call<Answer<paths[P]['get']>>('GET', path, input[0]),
    post: <P extends PathWith<'post'>>(path: P, ...input: InputOf<paths[P]['post']>) =>
      call<Answer<paths[P]['post']>>('POST', path, input[0]),
    put: <P extends PathWith<'put'>>(path: P, ...input: InputOf<paths[P]['put']>) =>
      call<Answer<paths[P]['put']>>('PUT', path, input[0]),
    delete: <P extends PathWith<'delete'>>(path: P, ...input: InputOf<paths[P]['delete']>) =>
      call<Answer<paths[P]['delete']>>('DELETE', path, input[0]),
    /** Signs in now instead of at the first request; callers at the same time share one wx.login. */
    signIn: async () => { await session() },
    /** Ends this session on the platform and forgets it here. */
    async signOut() {
      if (storedToken() !== '') {
        await call<void>('DELETE', '/api/v1/me/sessions/current', undefined)
        wx.removeStorageSync(tokenKey)
      }
    },
  }

  async function call<T>(method: Upper, path: string, input: AnyInput | undefined): Promise<T> {
    const request: Request = {
      method,
      url: baseUrl + fill(path, input?.path) + queryOf(input?.query),
      body: input?.body === undefined ? undefined : JSON.stringify(input.body),
      deed: method === 'POST' ? input?.deed ?? newDeed() : undefined,
    }
    if (input?.anonymous === true) {
      return answerOf<T>(await send(request, ''))
    }

    const token = await session()
    const first = await send(request, token)
    if (first.statusCode !== 401) {
      return answerOf<T>(first)
    }

    // The session ended. Whoever notices first signs in again; the others use what she got.
    if (storedToken() === token) {
      wx.removeStorageSync(tokenKey)
    }

    return answerOf<T>(await send(request, await session()))
  }

  /** The token that is there, or a new one; one sign-in at a time. */
  function session(): Promise<string> {
    const token = storedToken()
    if (token !== '') {
      return Promise.resolve(token)
    }

    signingIn ??= signIn().finally(() => { signingIn = null })
    return signingIn
  }

  async function signIn(): Promise<string> {
    let answer = await exchange()
    if (answer.statusCode === 401) {
      // The code was spent or too old, perhaps by an answer that got lost: a fresh one, once.
      answer = await exchange()
    }

    const { token } = answerOf<Answer<paths['/api/v1/sessions']['post']>>(answer)
    wx.setStorageSync(tokenKey, token)
    return token
  }

  async function exchange(): Promise<Sent> {
    const code = await loginCode()
    return send({ method: 'POST', url: `${baseUrl}/api/v1/sessions`, body: JSON.stringify({ code }), deed: undefined }, '')
  }

  function loginCode(): Promise<string> {
    return new Promise((resolve, reject) => wx.login({
      success: result => resolve(result.code),
      fail: error => reject(new NoLogin(error.errMsg)),
    }))
  }

  function storedToken(): string {
    const token = wx.getStorageSync(tokenKey)
    return typeof token === 'string' ? token : ''
  }

  /**
   * WeChat cuts requests off with `fail interrupted` when the person leaves for more than five seconds. Whether the
   * platform did the deed is unknown then, so it is sent again with the same key.
   */
  async function send(request: Request, token: string): Promise<Sent> {
    for (let repeat = 0; ; repeat++) {
      try {
        return await inTurn(() => sendOnce(request, token))
      } catch (error) {
        if (!(error instanceof NoAnswer) || error.errMsg.indexOf('interrupted') < 0 || repeat === mostRepeats) {
          throw error
        }
      }
    }
  }

  function sendOnce(request: Request, token: string): Promise<Sent> {
    const header: Record<string, string> = { 'content-type': 'application/json' }
    if (token !== '') {
      header['authorization'] = `Bearer ${token}`
    }

    if (request.deed !== undefined) {
      header['idempotency-key'] = request.deed
    }

    return new Promise((resolve, reject) => wx.request({
      url: request.url,
      method: request.method,
      header,
      data: request.body,
      dataType: 'text',
      timeout: settings.timeout ?? usualTimeout,
      success: resolve,
      fail: error => reject(new NoAnswer(error.errMsg)),
    }))
  }
}

// ---- its pieces ----

type Upper = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Request {
  method: Upper
  url: string
  body: string | undefined
  deed: string | undefined
}

interface AnyInput extends Manner {
  path?: object
  query?: object
  body?: unknown
}

/** Runs at most so many at the same time, the others in the order they came. */
function queue(most: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) {
      // Whoever ends hands its place on, so the count stays.
      await new Promise<void>(resolve => waiting.push(resolve))
    } else {
      running++
    }

    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) {
        running--
      } else {
        next()
      }
    }
  }
}

function fill(path: string, values: object | undefined): string {
  const given = (values ?? {}) as Record<string, unknown>
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])))
}

function queryOf(values: object | undefined): string {
  const parts = Object.entries(values ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function answerOf<T>(sent: Sent): T {
  const body = parsed(sent.data)
  const isReadable = body !== undefined || sent.data === '' || sent.data === undefined
  if (sent.statusCode >= 200 && sent.statusCode < 300 && isReadable) {
    return body as T
  }

  throw problemOf(sent, body)
}

/** Something before the platform (a proxy, a captive portal) answers in its own words. */
function problemOf(sent: Sent, body: unknown): Problem {
  const told = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return new Problem(
    sent.statusCode,
    typeof told.code === 'string' ? told.code : 'unreadable_answer',
    typeof told.detail === 'string' ? told.detail : '服务暂时不可用,请稍后再试。',
    (told.errors ?? {}) as Record<string, string[]>,
    typeof told.traceId === 'string' ? told.traceId : null,
    retryAfterOf(sent.header),
    (told.present ?? null) as Record<string, unknown> | null,
  )
}

function parsed(data: unknown): unknown {
  if (typeof data !== 'string') {
    return data
  }

  try {
    return data === '' ? undefined : JSON.parse(data)
  } catch {
    return undefined
  }
}

/** Phones differ in the case of header names. */
function retryAfterOf(header: Record<string, unknown>): number | null {
  const name = Object.keys(header).find(n => n.toLowerCase() === 'retry-after')
  const seconds = name === undefined ? NaN : Number(header[name])
  return Number.isNaN(seconds) ? null : seconds
}
