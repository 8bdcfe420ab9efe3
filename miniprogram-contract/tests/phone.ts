/** A phone: what `wx` does as far as the client uses it, over real HTTP, with WeChat's own limits. */
import { type Phone } from '../src/client.js'
import { codeFor, exchange, type Program } from './program.js'

const mostAtOnce = 10
let people = 0

export interface Journey {
  method: string
  path: string
  deed: string | undefined
  token: string | undefined
}

export class FakePhone implements Phone {
  readonly user = `contract-${process.pid}-${++people}`
  readonly storage = new Map<string, unknown>()
  readonly journeys: Journey[] = []
  logins = 0
  atOnce = 0
  mostSeenAtOnce = 0
  /** So many of the next requests arrive but their answers are lost, as when the person leaves the mini-program. */
  interruptions = 0
  /** So many of the next codes are spent before they arrive. */
  spentCodes = 0
  isOffline = false
  /** The next answer reaches the phone only when this is done. */
  slowness: Promise<void> | null = null

  constructor(private readonly program: Program) {}

  login(options: Parameters<Phone['login']>[0]) {
    this.logins++
    if (this.isOffline) {
      options.fail({ errMsg: 'login:fail network' })
      return
    }

    void this.issue().then(code => options.success({ code }), error => options.fail({ errMsg: String(error) }))
  }

  request(options: Parameters<Phone['request']>[0]) {
    const { pathname, search } = splitUrl(options.url)
    this.journeys.push({
      method: options.method,
      path: pathname + search,
      deed: options.header['idempotency-key'],
      token: options.header['authorization'],
    })
    if (this.isOffline) {
      options.fail({ errMsg: 'request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT' })
      return
    }

    if (this.atOnce === mostAtOnce) {
      options.fail({ errMsg: 'request:fail exceed max task count' })
      return
    }

    this.atOnce++
    this.mostSeenAtOnce = Math.max(this.mostSeenAtOnce, this.atOnce)
    const isInterrupted = this.interruptions > 0 && this.interruptions-- > 0
    const slowness = this.slowness
    this.slowness = null
    void exchange(options.method, options.url, options.header, options.data).then(async answer => {
      await slowness
      return answer
    }).then(
      answer => {
        this.atOnce--
        if (isInterrupted) {
          options.fail({ errMsg: 'request:fail interrupted' })
        } else {
          options.success({ statusCode: answer.status, data: answer.text, header: inPhoneCase(answer.header) })
        }
      },
      error => {
        this.atOnce--
        options.fail({ errMsg: `request:fail ${String(error)}` })
      },
    )
  }

  getStorageSync(key: string) {
    return this.storage.get(key) ?? ''
  }

  setStorageSync(key: string, data: string) {
    this.storage.set(key, data)
  }

  removeStorageSync(key: string) {
    this.storage.delete(key)
  }

  private async issue(): Promise<string> {
    const code = await codeFor(this.program, 'login-codes', this.user)
    if (this.spentCodes > 0) {
      this.spentCodes--
      await exchange('POST', `${this.program.url}/api/v1/sessions`, { 'content-type': 'application/json' }, JSON.stringify({ code }))
    }

    return code
  }
}

function splitUrl(url: string): { pathname: string, search: string } {
  const [, pathname = '', search = ''] = /^https?:\/\/[^/]+([^?]*)(.*)$/.exec(url) ?? []
  return { pathname, search }
}

/** iOS keeps the case of the wire, Android writes each word large. */
function inPhoneCase(header: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(header).map(([name, value]) =>
    [name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase()), value]))
}
