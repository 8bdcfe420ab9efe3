#!/usr/bin/env bash
# The main job, step by step, against a running program: bash seeds/first-day.sh
# A worker signs in with a wx.login code, fills in her application and submits it; an officer notes a call and
# approves; the worker finds her membership and the message. A new officer is invited and looks at a number with a
# reason; the worker and the auditor see it. An activity is published, signed up for, a place given on by a subscribe
# message and another by the inbox, people checked in.
# A singles' evening: entry and review, check-in, the sealed ballot, a pair, phones by both consents.
# A talk with a counsellor: booked under an alias, moved, reminded of, held, and what everybody else sees of it.
# A firm registers and is verified; its vacancy is returned for an unlawful phrase, corrected, published, found and
# applied for.
set -euo pipefail

API=${API:-http://127.0.0.1:5100}
STAND_IN=${STAND_IN:-http://127.0.0.1:5101}
ACCOUNTS=${ACCOUNTS:-$(dirname "$0")/../data/demo-accounts.txt}
DAY=$(date +%s)

for TOOL in curl openssl base32; do command -v "$TOOL" >/dev/null || { echo "请先安装 $TOOL" >&2; exit 1; }; done

number=0
step() { number=$((number + 1)); printf '\n== %s. %s\n' "$number" "$1"; }
# shown: prints what comes in beside passing it on; the output may be a file, which tee would begin anew.
exec 3>&1
shown() { local all; all=$(cat); printf '%s\n' "$all" >&3; printf '%s\n' "$all"; }
finished() { printf '\n== 完成:%s\n' "$1"; }
key() { head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
# field NAME: the first "NAME": value in the JSON on standard input.
field() { grep -oE "\"$1\": ?(\"[^\"]*\"|[0-9]+|true|false|null)" | head -n 1 | sed -E 's/^"[^"]*": ?//; s/^"//; s/"$//'; }
# call METHOD PATH [BODY]: prints the answer, stops the script on an error.
call() {
  local answer status
  answer=$(curl -sS -w '\n%{http_code}' -X "$1" "$API$2" \
    -H "Authorization: Bearer ${TOKEN:-none}" -H 'Content-Type: application/json' -H "Idempotency-Key: $(key)" ${3:+--data "$3"})
  status=${answer##*$'\n'}
  printf '%s\n' "${answer%$'\n'*}"
  [ "$status" -lt 400 ] || { echo "HTTP $status: $1 $2" >&2; exit 1; }
}
# picture PURPOSE: uploads a picture of one dot, which stands for a photo, and says its id.
picture() {
  printf 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4//8/AAX+Av4zEpUUAAAAAElFTkSuQmCC' | base64 -d \
    | curl -sS -X POST "$API/api/v1/files?purpose=$1" -H "Authorization: Bearer $TOKEN" \
      -H 'Content-Type: image/png' -H "Idempotency-Key: $(key)" --data-binary @- | field id
}
# A made-up ID number of division 410721 with its check character (GB 11643), and a made-up phone.
id_number() {
  local digits=$1 weights=(7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2) sum=0 i
  for i in "${!weights[@]}"; do sum=$((sum + ${digits:i:1} * weights[i])); done
  local letters=10X98765432
  printf '%s%s' "$digits" "${letters:$((sum % 11)):1}"
}
BIRTH=$(printf '19%02d%02d%02d' $((60 + DAY % 40)) $((1 + DAY / 40 % 12)) $((1 + DAY / 480 % 28)))
ID_NUMBER=$(id_number "410721$BIRTH$(printf '%03d' $((DAY / 13440 % 1000)))")
PHONE=$(printf '139%08d' $((DAY % 100000000)))

step "职工打开小程序:用 wx.login 的 code 登录"
CODE=$(curl -sS -X POST "$STAND_IN/__ctl/login-codes" --data "{\"user\":\"first-day-$DAY\"}" | field code)
SESSION=$(call POST /api/v1/sessions "{\"code\":\"$CODE\"}")
echo "$SESSION" | sed -E 's/"token": ?"[^"]*"/"token":"…"/'
WORKER=$(echo "$SESSION" | field token)
TOKEN=$WORKER

step "绑定手机号"
CODE=$(curl -sS -X POST "$STAND_IN/__ctl/phone-codes" --data "{\"user\":\"first-day-$DAY\",\"phone\":\"$PHONE\"}" | field code)
call PUT /api/v1/me/phone "{\"code\":\"$CODE\"}"

step "查找单位的工会"
UNIONS=$(call POST /api/v1/union-searches '{"words":"金穗"}')
echo "$UNIONS"
UNION=$(echo "$UNIONS" | field id)

step "分步填写入会申请"
V=$(call PUT /api/v1/me/membership-application/identity \
  "{\"name\":\"陈晓光\",\"idType\":\"1\",\"idNumber\":\"$ID_NUMBER\",\"idValidTo\":\"long_term\",\"ethnicity\":\"01\"}" | field version)
V=$(call PUT /api/v1/me/membership-application/work \
  "{\"version\":$V,\"unionId\":\"$UNION\",\"employerName\":\"新乡县金穗面粉有限公司\",\"post\":\"质检员\",\"employmentStatus\":\"1\",\"employmentForm\":\"1\",\"newFormOfEmployment\":\"0\"}" | field version)
V=$(call PUT /api/v1/me/membership-application/profile \
  "{\"version\":$V,\"education\":\"31\",\"politicalStatus\":\"13\",\"homeDivision\":\"410721101\"}" | field version)
echo "申请版本 $V"

step "阅读并同意告知同意书"
HASH=$(call GET /api/v1/consent-texts/membership | field textHash)
call PUT /api/v1/me/consents/membership "{\"version\":1,\"textHash\":\"$HASH\"}"

step "提交申请"
V=$(call POST /api/v1/me/membership-application/submission "{\"version\":$V}" | shown | field version)

step "会员专干登录,查看工作清单"
PASSWORD=$(awk '$1 == "officer-zhaipo" { print $2 }' "$ACCOUNTS")
TOKEN=$(call POST /api/v1/office/sessions "{\"name\":\"officer-zhaipo\",\"password\":\"$PASSWORD\"}" | field token)
APPLICATION=$(call POST /api/v1/office/member-searches "{\"idNumber\":\"$ID_NUMBER\",\"reason\":\"核实入会申请人身份\"}" | shown | field applicationId)

step "记录电话联系"
call POST "/api/v1/office/membership-applications/$APPLICATION/contacts" \
  "{\"way\":\"phone\",\"contactedAt\":\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",\"note\":\"已电话核实单位和岗位\"}"

step "批准入会"
call POST "/api/v1/office/membership-applications/$APPLICATION/approval" "{\"version\":$V}"

step "职工查看会籍和消息"
TOKEN=$WORKER
call GET /api/v1/me
for _ in 1 2 3 4 5; do
  MESSAGES=$(call GET /api/v1/me/messages)
  case $MESSAGES in *membership_approved*) break ;; esac
  sleep 1
done
echo "$MESSAGES"

finished "从 wx.login 到在册会员"

# ---- Staff and secrets: an invitation, a look with a reason, who saw whom, what the union has of me ----

password() { awk -v name="$1" '$1 == name { print $2 }' "$ACCOUNTS"; }
# sign_in_staff NAME: the token of a demo account.
sign_in_staff() { call POST /api/v1/office/sessions "{\"name\":\"$1\",\"password\":\"$(password "$1")\"}" | field token; }
# sign_in USER: the token of a user of the stand-in.
sign_in() {
  local code
  code=$(curl -sS -X POST "$STAND_IN/__ctl/login-codes" --data "{\"user\":\"$1\"}" | field code)
  call POST /api/v1/sessions "{\"code\":\"$code\"}" | field token
}
# totp SECRET [BACK]: the six digits of this half minute (RFC 6238), or of one before; an authenticator app does the same.
totp() {
  local key hash from
  key=$(printf '%s' "$1" | base32 -d | od -An -v -tx1 | tr -d ' \n')
  hash=$(printf "$(printf '%016x' $(($(date +%s) / 30 - ${2:-0})) | sed 's/../\\x&/g')" \
    | openssl dgst -sha1 -mac HMAC -macopt "hexkey:$key" | sed 's/.*= *//')
  from=$((2 * 16#${hash:39:1}))
  printf '%06d' $(((16#${hash:from:8} & 16#7fffffff) % 1000000))
}

# accept_invitation LINK NAME SECRET: sets up the account and signs in, which leaves the session in TOKEN.
accept_invitation() {
  local password
  password="today $(key)"
  # Not in the last moments of a half minute: the code would be old when it arrives.
  [ $(($(date +%s) % 30)) -lt 26 ] || sleep 5
  call POST /api/v1/office/invitation-acceptances \
    "{\"token\":\"$1\",\"name\":\"$2\",\"password\":\"$password\",\"totpCode\":\"$(totp "$3" 1)\"}" \
    | sed -E 's/"recoveryCodes": ?\[[^]]*\]/"recoveryCodes":["…"]/'
  # A code passes once: the link took the one before, this is the next.
  TOKEN=$(call POST /api/v1/office/sessions "{\"name\":\"$2\",\"password\":\"$password\",\"totpCode\":\"$(totp "$3")\"}" | field token)
}

step "安全管理员邀请一位会员专干,链接只显示一次,24 小时内有效"
TOKEN=$(sign_in_staff officer-county)
COUNTY=$(call GET /api/v1/office/me | grep -oE '"unionId": ?"[^"]*"' | head -n 1 | field unionId)
TOKEN=$(sign_in_staff security)
LINK=$(call POST /api/v1/office/staff-invitations \
  "{\"displayName\":\"李专干\",\"role\":\"membership_officer\",\"unionId\":\"$COUNTY\"}")
echo "$LINK" | sed -E 's/"token": ?"[^"]*"/"token":"…"/; s/"link": ?"[^"]*"/"link":"…"/'
LINK=$(echo "$LINK" | field token)

step "受邀人设置密码和动态口令,领取十个恢复码,登录时两样都要"
TOKEN=none
SECRET=$(call POST /api/v1/office/invitation-checks "{\"token\":\"$LINK\"}" | field totpSecret)
accept_invitation "$LINK" "li-$DAY" "$SECRET"

step "新专干为核对证件查看完整号码:一次一项,写明理由"
call POST /api/v1/office/unmaskings \
  "{\"recordKind\":\"membership_application\",\"recordId\":\"$APPLICATION\",\"field\":\"id_number\",\"reason\":\"与本人证件核对\"}" \
  | sed -E 's/"value": ?"([0-9]{6})[^"]*"/"value":"\1…"/'

step "职工看到谁为什么看过自己的信息"
TOKEN=$WORKER
call GET "/api/v1/me/data-accesses?take=1"

step "审计员查看同一次查看"
ME=$(call GET /api/v1/me | field personId)
TOKEN=$(sign_in_staff auditor)
call GET "/api/v1/office/data-accesses?subject=$ME&take=2"

step "职工出示每分钟变化的会员码,窗口核验"
TOKEN=$WORKER
CODE=$(call GET /api/v1/me/member-code | field code)
TOKEN=$(sign_in_staff officer-zhaipo)
call POST /api/v1/office/member-code-checks "{\"code\":\"$CODE\"}"

step "职工下载工会持有的本人全部信息"
TOKEN=$WORKER
echo "共 $(call GET /api/v1/me/export | wc -c) 字节"

finished "从邀请到查看留痕"

# ---- A day with an activity: published by two people, two places, a line, a place given back and taken up ----

at() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; }

step "组织者起草活动:两个名额组,先到先得,有候补"
TOKEN=$(sign_in_staff organiser)
ACTIVITY=$(call POST /api/v1/office/activities "{\"activity\":{
  \"unionId\":\"$COUNTY\",\"kind\":\"culture\",\"title\":\"职工趣味运动会\",\"body\":\"拔河、跳绳、接力,自带运动鞋。\",
  \"place\":\"翟坡镇文化广场\",\"divisionCode\":\"410721101\",\"allocation\":\"first_come\",
  \"opensAt\":\"$(at '2 seconds')\",\"closesAt\":\"$(at '40 minutes')\",\"cancelUntil\":\"$(at '40 minutes')\",
  \"sessions\":[{\"startsAt\":\"$(at '50 minutes')\",\"endsAt\":\"$(at '170 minutes')\"}],
  \"groups\":[{\"name\":\"会员名额\",\"capacity\":1,\"rules\":{\"membersOnly\":true}},{\"name\":\"开放名额\",\"capacity\":1}]}}" | field id)
call POST "/api/v1/office/activities/$ACTIVITY/submission" '{"version":1}'

step "第二人审批后发布,职工不登录也能看到"
TOKEN=$(sign_in_staff chair)
call POST "/api/v1/office/activities/$ACTIVITY/approval" '{"version":2}'
TOKEN=none
sleep 3
call GET "/api/v1/activities?phase=open&words=%E8%B6%A3%E5%91%B3&take=1"

step "四位职工先后报名:两人有名额,两人进入候补,第三位点了“允许”接收订阅消息"
FIRST=$WORKER
SECOND=$(sign_in "first-day-$DAY-2")
THIRD=$(sign_in "first-day-$DAY-3")
FOURTH=$(sign_in "first-day-$DAY-4")
for TOKEN in "$FIRST" "$SECOND" "$THIRD" "$FOURTH"; do call PUT "/api/v1/activities/$ACTIVITY/enrolment" '{}'; done
TOKEN=$THIRD
TEMPLATE=$(call GET "/api/v1/me/subscription-needs?moment=waiting_list" | field templateId)
curl -sS -X POST "$STAND_IN/__ctl/subscriptions" --data "{\"user\":\"first-day-$DAY-3\",\"templateId\":\"$TEMPLATE\"}" >/dev/null
call POST /api/v1/me/subscription-reports "{\"results\":[{\"templateId\":\"$TEMPLATE\",\"choice\":\"accept\"}]}"

step "第二位取消,名额为第三位保留,微信收到订阅消息,第三位确认"
TOKEN=$SECOND
call DELETE "/api/v1/activities/$ACTIVITY/enrolment"
TOKEN=$THIRD
call GET "/api/v1/activities/$ACTIVITY/enrolment"
# Between 07:10 and 08:00 in the morning it waits for 08:00: nothing is lost by then.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  SENT=$(curl -sS "$STAND_IN/__ctl/sent-messages?user=first-day-$DAY-3")
  [ "$SENT" = "[]" ] || break
  sleep 0.5
done
echo "$SENT"
call PUT "/api/v1/activities/$ACTIVITY/enrolment/offer-answer" '{"isAccepted":true}'

step "组织者增加一个名额:第四位没有点“允许”,在小程序的消息里看到"
TOKEN=$FOURTH
GROUP=$(call GET "/api/v1/activities/$ACTIVITY/enrolment" | field groupId)
TOKEN=$(sign_in_staff organiser)
VERSION=$(call GET "/api/v1/office/activities/$ACTIVITY" | field version)
call PUT "/api/v1/office/activities/$ACTIVITY/groups/$GROUP/capacity" "{\"version\":$VERSION,\"capacity\":2,\"reason\":\"场地可多容纳一人\"}"
TOKEN=$FOURTH
call GET "/api/v1/me/messages?take=1"
curl -sS "$STAND_IN/__ctl/sent-messages?user=first-day-$DAY-4"
echo

step "开场前一小时开始签到:工作人员扫第一位的会员码,第三位扫现场签到码"
TOKEN=$FIRST
CODE=$(call GET /api/v1/me/member-code | field code)
TOKEN=$(sign_in_staff organiser)
call POST "/api/v1/office/activities/$ACTIVITY/check-ins" "{\"memberCode\":\"$CODE\"}"
HALL=$(call GET "/api/v1/office/activities/$ACTIVITY/hall-code" | field code)
TOKEN=$THIRD
call POST "/api/v1/activities/$ACTIVITY/check-ins" "{\"code\":\"$HALL\"}"

step "组织者查看统计"
TOKEN=$(sign_in_staff organiser)
call GET "/api/v1/office/activities/$ACTIVITY/statistics"

finished "从发布活动到现场签到"

# ---- A singles' evening: entry, review, plates, the sealed ballot, a pair, phones by both consents ----

# agree PURPOSE: reads the newest text and agrees to it.
agree() {
  local text
  text=$(call GET "/api/v1/consent-texts/$1")
  call PUT "/api/v1/me/consents/$1" "{\"version\":$(echo "$text" | field version),\"textHash\":\"$(echo "$text" | field textHash)\"}"
}
# enter NICKNAME: a worker writes her entry and hands it in, unless an earlier day did.
enter() {
  agree singles
  agree single_declaration
  if ! curl -sS "$API/api/v1/me/singles-entry" -H "Authorization: Bearer $TOKEN" | grep -q '"state"'; then
    V=$(call PUT /api/v1/me/singles-entry "{\"entry\":{\"nickname\":\"$1\",\"photoFileIds\":[\"$(picture singles_photo)\"],\"workKind\":\"technical\",\"maritalStatus\":\"never_married\",
      \"interests\":[\"爬山\",\"摄影\"],\"about\":\"性格开朗。\",\"allowsFilming\":false,\"allowsContact\":true}}" | field version)
    call POST /api/v1/me/singles-entry/submission "{\"version\":$V}"
  fi
}

step "两位职工同意告知书、签署单身承诺、提交联谊信息和生活照"
MAN=$(sign_in liuyang)
WOMAN=$(sign_in chenxi)
TOKEN=$MAN
enter 阳光
TOKEN=$WOMAN
enter 晨曦

step "微信检查照片(这里由替身代答);检查通过并经县总审核后,到场的异性嘉宾才看得到"
for _ in $(seq 30); do
  PHOTOS=$(call GET /api/v1/me/singles-entry | grep -oE '"photos": ?\[.*' || true)
  case $PHOTOS in *'"pending"'*) sleep 1 ;; *) break ;; esac
done
echo "$PHOTOS"

step "单位工会确认(这里由县总会员专干代办),县总活动干事审核通过"
for STATE in submitted:confirmation:officer-county confirmed:approval:organiser; do
  IFS=: read -r WAITING DEED WHO <<<"$STATE"
  TOKEN=$(sign_in_staff "$WHO")
  ENTRIES=$(call GET "/api/v1/office/singles-entries?state=$WAITING")
  for ENTRY in $(echo "$ENTRIES" | grep -oE '"id": ?"[0-9a-f]{32}"' | grep -oE '[0-9a-f]{32}'); do
    V=$(call GET "/api/v1/office/singles-entries/$ENTRY" | field version)
    call POST "/api/v1/office/singles-entries/$ENTRY/$DEED" "{\"version\":$V}"
  done
done
echo "已审核"

step "组织者发布一场单身联谊,两人报名、签到,领取号牌"
TOKEN=$(sign_in_staff organiser)
EVENING=$(call POST /api/v1/office/activities "{\"activity\":{
  \"unionId\":\"$COUNTY\",\"kind\":\"singles\",\"title\":\"会聚良缘单身联谊\",\"body\":\"破冰游戏、自我介绍、心动互选。\",
  \"place\":\"新乡县工人文化宫\",\"divisionCode\":\"410721101\",\"allocation\":\"first_come\",
  \"opensAt\":\"$(at '2 seconds')\",\"closesAt\":\"$(at '40 minutes')\",\"cancelUntil\":\"$(at '40 minutes')\",
  \"sessions\":[{\"startsAt\":\"$(at '50 minutes')\",\"endsAt\":\"$(at '170 minutes')\"}],
  \"groups\":[{\"name\":\"男职工\",\"capacity\":20,\"rules\":{\"sex\":\"1\"}},{\"name\":\"女职工\",\"capacity\":20,\"rules\":{\"sex\":\"2\"}}]}}" | field id)
call POST "/api/v1/office/activities/$EVENING/submission" '{"version":1}'
TOKEN=$(sign_in_staff chair)
call POST "/api/v1/office/activities/$EVENING/approval" '{"version":2}'
sleep 3
HOST=$(sign_in_staff organiser)
for TOKEN in "$MAN" "$WOMAN"; do
  GUEST=$TOKEN
  call PUT "/api/v1/activities/$EVENING/enrolment" '{}'
  CODE=$(call GET /api/v1/me/member-code | field code)
  TOKEN=$HOST
  call POST "/api/v1/office/activities/$EVENING/check-ins" "{\"memberCode\":\"$CODE\"}"
  TOKEN=$GUEST
  call GET "/api/v1/activities/$EVENING/plate"
  call GET "/api/v1/activities/$EVENING/guests"
done

step "主持人开启互选,结束码只显示这一次;嘉宾交选票"
TOKEN=$HOST
OPENED=$(call POST "/api/v1/office/activities/$EVENING/ballot-rounds" '{}')
echo "$OPENED" | sed -E 's/"closingKey": ?"[^"]*"/"closingKey":"…"/'
ROUND=$(echo "$OPENED" | field id)
CLOSING_KEY=$(echo "$OPENED" | field closingKey)
TOKEN=$MAN
call PUT "/api/v1/activities/$EVENING/ballot" "{\"roundId\":\"$ROUND\",\"choices\":[\"女01\"]}"
TOKEN=$WOMAN
call PUT "/api/v1/activities/$EVENING/ballot" "{\"roundId\":\"$ROUND\",\"choices\":[\"男01\"]}"

step "主持人输入结束码,计票"
TOKEN=$HOST
call POST "/api/v1/office/activities/$EVENING/ballot-rounds/$ROUND/closing" "{\"closingKey\":\"$CLOSING_KEY\"}"

step "双方都同意后,互相看到电话"
for TOKEN in "$MAN" "$WOMAN"; do
  MATCH=$(call GET "/api/v1/activities/$EVENING/matches" | field id)
  call PUT "/api/v1/activities/$EVENING/matches/$MATCH/contact"
done
call GET "/api/v1/activities/$EVENING/matches" | sed -E 's/"phone": ?"([0-9]{3})[0-9]{4}/"phone":"\1****/'

step "演示结束,撤下这场活动,改天可以再演示"
TOKEN=$(sign_in_staff organiser)
call POST "/api/v1/office/activities/$EVENING/cancellation" '{"version":3,"reason":"演示结束"}'

finished "从联谊信息到牵手"

# ---- A talk with a counsellor: an alias, moved, reminded of in neutral words, held, and what others see of it ----

# in_china FORMAT WHEN: a time as the union's clocks show it.
in_china() { TZ=Asia/Shanghai date -d "$2" "+$1"; }
ALIAS=化名小麦
NOTE="记录:谈到夜班和睡眠-$DAY"

step "安全管理员邀请一位咨询师,她填写资料、开放时段,督导审核"
TOKEN=$(sign_in_staff security)
LINK=$(call POST /api/v1/office/staff-invitations \
  "{\"displayName\":\"咨询师苏禾\",\"role\":\"counsellor\",\"unionId\":\"$COUNTY\"}" | field token)
TOKEN=none
SECRET=$(call POST /api/v1/office/invitation-checks "{\"token\":\"$LINK\"}" | field totpSecret)
accept_invitation "$LINK" "su-$DAY" "$SECRET" >/dev/null
COUNSELLOR=$TOKEN
TOKEN=$COUNSELLOR
SU=$(call PUT /api/v1/office/me/counsellor "{\"form\":{\"name\":\"苏禾\",\"sex\":\"2\",\"introduction\":\"擅长职场压力和睡眠问题的疏导。\",
  \"qualification\":\"counsellor_level2\",\"certificateNumber\":\"15000$DAY\",\"issuer\":\"人力资源和社会保障部\",\"specialities\":[\"work_stress\",\"sleep\"],
  \"trainingHours\":300,\"contractFrom\":\"$(in_china %F now)\",\"contractUntil\":\"$(in_china %F '1 year')\",\"sessionMinutes\":50,\"leadMinutes\":0,
  \"breakMinutes\":10,\"mostPerDay\":12,\"videoLink\":\"https://meeting.example.cn/su\"}}" | field id)
call POST /api/v1/office/me/counsellor/other-days \
  "{\"firstOn\":\"$(in_china %F now)\",\"lastOn\":\"$(in_china %F '3 days')\",\"isOpen\":true,\"from\":\"00:00\",\"until\":\"24:00\",\"modes\":[\"video\"]}"
TOKEN=$(sign_in_staff supervisor)
call POST "/api/v1/office/counsellors/$SU/approval" '{"version":1}'

step "职工阅读知情同意书(保密及其例外)并同意,点“允许”接收服务提醒"
TOKEN=$WORKER
CONSENT=$(call GET /api/v1/me/counselling-consent)
call PUT /api/v1/me/counselling-consent "{\"version\":$(echo "$CONSENT" | field version),\"textHash\":\"$(echo "$CONSENT" | field textHash)\"}"
TEMPLATE=$(call GET "/api/v1/me/subscription-needs?moment=service" | field templateId)
for _ in 1 2 3; do
  curl -sS -X POST "$STAND_IN/__ctl/subscriptions" --data "{\"user\":\"first-day-$DAY\",\"templateId\":\"$TEMPLATE\"}" >/dev/null
  call POST /api/v1/me/subscription-reports "{\"results\":[{\"templateId\":\"$TEMPLATE\",\"choice\":\"accept\"}]}"
done

step "职工选时间,保留十分钟,用化名确认"
SLOT=$(call GET "/api/v1/counselling-slots?counsellor=$SU&from=$(in_china %F '2 days')&mode=video&take=1" | field startsAt)
APPOINTMENT=$(call POST /api/v1/appointments "{\"counsellorId\":\"$SU\",\"mode\":\"video\",\"startsAt\":\"$SLOT\"}" | field id)
call PUT "/api/v1/appointments/$APPOINTMENT/confirmation" "{\"alias\":\"$ALIAS\"}"

step "职工改到最近的时间:一步换好,原时间随即放出"
SLOT=$(call GET "/api/v1/counselling-slots?counsellor=$SU&mode=video&take=1" | field startsAt)
call PUT "/api/v1/appointments/$APPOINTMENT/time" "{\"startsAt\":\"$SLOT\"}"

step "咨询师只看到化名;她提前有空,把时间再往前调"
TOKEN=$COUNSELLOR
# A full hour that is ten minutes away at least: whoever runs this right before one would come too late to begin early.
SOON=$(in_china %FT%H:00:00+08:00 '70 minutes')
TALKS=$(call GET "/api/v1/office/me/talks?to=$(in_china %F '3 days')" | shown)
call POST "/api/v1/office/talks/$APPOINTMENT/reassignment" \
  "{\"version\":$(echo "$TALKS" | field version),\"startsAt\":\"$SOON\",\"reason\":\"提前有空\"}"

step "临近开始,职工收到提醒:在小程序的消息里,也在微信里,都不写是什么服务"
TOKEN=$WORKER
for _ in $(seq 40); do
  MESSAGES=$(call GET "/api/v1/me/messages?take=2")
  SENT=$(curl -sS "$STAND_IN/__ctl/sent-messages?user=first-day-$DAY")
  case $MESSAGES$SENT in *service_reminder*service_notice*) break ;; esac
  sleep 1
done
echo "$MESSAGES"
echo "$SENT"

step "职工提前到了,咨询师现在开始,写记录,完成"
TOKEN=$COUNSELLOR
V=$(call GET "/api/v1/office/me/talks" | field version)
V=$(call PUT "/api/v1/office/talks/$APPOINTMENT/beginning" "{\"version\":$V}" | shown | field version)
call PUT "/api/v1/office/talks/$APPOINTMENT/note" "{\"version\":0,\"text\":\"$NOTE\"}"
call GET "/api/v1/office/talks/$APPOINTMENT/note"
call PUT "/api/v1/office/talks/$APPOINTMENT/completion" "{\"version\":$V}"

step "咨询师请教督导:可能让人认出来的地方先标出来,改过再交;督导只看到改过的文字"
SUPERVISION="来访者$ALIAS(电话 13900000000)连续两周睡不好,想请教下一步。"
curl -sS -X POST "$API/api/v1/office/talks/$APPOINTMENT/supervision-texts" -H "Authorization: Bearer $TOKEN" \
  -H 'Content-Type: application/json' -H "Idempotency-Key: $(key)" --data "{\"text\":\"$SUPERVISION\"}"
call POST "/api/v1/office/talks/$APPOINTMENT/supervision-texts" '{"text":"来访者连续两周睡不好,想请教下一步。"}'
COUNSELLOR=$TOKEN
TOKEN=$(sign_in_staff supervisor)
SENT=$(call GET "/api/v1/office/supervision-texts?take=1" | shown | field id)
call POST "/api/v1/office/supervision-texts/$SENT/answer" '{"answer":"先做两周睡眠记录,必要时建议就医。"}'

step "咨询师建议就医,结案"
TOKEN=$COUNSELLOR
call GET "/api/v1/office/me/supervision-texts?take=1"
call POST "/api/v1/office/talks/$APPOINTMENT/referrals" '{"hospital":"新乡医学院第二附属医院","advice":"建议到医院做进一步评估,可带上量表结果。"}'
call PUT "/api/v1/office/talks/$APPOINTMENT/case-closure" '{"reason":"referred"}'

step "职工看到就医建议,看到谁在哪天打开过自己的记录,也可以找热线"
TOKEN=$WORKER
call GET /api/v1/me/counselling-referrals
call GET /api/v1/me/counselling-readings

# refused PATH: what somebody sees who may not.
refused() { printf '%s %s\n' "$1" "$(curl -sS "$API$1" -H "Authorization: Bearer $TOKEN" | field code)"; }

step "会员专干和审计员打不开;审计员看到发生过什么,不知道是谁、和谁"
for WHO in officer-county auditor system; do
  TOKEN=$(sign_in_staff "$WHO")
  refused "/api/v1/office/talks/$APPOINTMENT/note"
  refused "/api/v1/office/me/talks"
done
TOKEN=$(sign_in_staff auditor)
call GET "/api/v1/office/audit-entries?deed=move_appointment&take=1"

step "在数据库文件里找:咨询师的名字是公开的,找得到;化名和记录找不到"
DATABASE=$(dirname "$ACCOUNTS")/union.db
for WORD in 苏禾 "$ALIAS" "$NOTE"; do
  FILES=0
  for FILE in "$DATABASE"*; do if grep -aqF "$WORD" "$FILE"; then FILES=$((FILES + 1)); fi; done
  echo "“$WORD”:出现在 $FILES 个文件里"
  if [ "$WORD" = 苏禾 ]; then [ "$FILES" -gt 0 ]; else [ "$FILES" = 0 ]; fi
done

step "演示结束,咨询师停约"
TOKEN=$(sign_in_staff supervisor)
V=$(call GET "/api/v1/office/counsellors/$SU" | field version)
call POST "/api/v1/office/counsellors/$SU/suspension" "{\"version\":$V}"

finished "从化名预约到谈完,旁人只看到时间被占用"

# ---- Work: a firm registers, its vacancy is read against the law, and is found ----

# credit_code NUMBER: a made-up 统一社会信用代码 of the county with its check character (GB 32100).
credit_code() {
  local letters=0123456789ABCDEFGHJKLMNPQRTUWXY body sum=0 weight=1 i before
  body=$(printf '91410721MA%07d' "$1")
  for ((i = 0; i < 17; i++)); do
    before=${letters%%"${body:i:1}"*}
    sum=$((sum + ${#before} * weight))
    weight=$((weight * 3 % 31))
  done
  printf '%s%s' "$body" "${letters:$(((31 - sum % 31) % 31)):1}"
}
# vacancy DUTIES: the form of the vacancy.
vacancy() {
  printf '{"title":"仓储码垛工","occupation":"6-31","headcount":3,"form":"full_time","contractMonths":24,"probationMonths":2,"experienceYears":0,
    "payLow":420000,"payHigh":560000,"insurance":["pension","medical","unemployment","work_injury","maternity"],"hours":"8:00-17:00","rest":"每周单休",
    "divisionCode":"410721102","address":"工业路 8 号","benefits":["meals","lodging"],"duties":"%s","requirements":"能适应搬运工作,会使用手动叉车。",
    "contactName":"李经办","contactPhone":"0373-5551234","endsOn":"%s"}' "$1" "$(TZ=Asia/Shanghai date -d '+30 days' +%F)"
}

step "企业经办人登记企业:上传营业执照、委托证明和身份证"
CLERK=$(sign_in "first-day-$DAY-clerk")
TOKEN=$CLERK
FIRM=$(call POST /api/v1/me/employer-registrations "{\"creditCode\":\"$(credit_code $((DAY % 10000000)))\",\"name\":\"新乡县和顺包装有限公司\",
  \"kind\":\"170\",\"divisionCode\":\"410721102\",\"address\":\"小冀镇工业路 8 号\",\"clerkName\":\"李经办\",\"phone\":\"0373-5551234\",
  \"licenceFileId\":\"$(picture employer_document)\",\"mandateFileId\":\"$(picture employer_document)\",\"identityFileId\":\"$(picture employer_document)\"}" | shown | field id)

step "就业专员核对材料,核验通过,一年有效"
OFFICER=$(sign_in_staff employment)
TOKEN=$OFFICER
call GET "/api/v1/office/employer-registrations/$FIRM" | sed -E 's/"phone": ?"([0-9]{4})[^"]*"/"phone":"\1…"/'
call POST "/api/v1/office/employer-registrations/$FIRM/approval" '{"version":1}'

step "经办人领取一次性链接,设置账号,登录办公端"
TOKEN=$CLERK
LINK=$(call POST "/api/v1/me/employer-registrations/$FIRM/set-up-links" '{}' | field token)
TOKEN=none
SECRET=$(call POST /api/v1/office/invitation-checks "{\"token\":\"$LINK\"}" | field totpSecret)
accept_invitation "$LINK" "firm-$DAY" "$SECRET"
CLERK=$TOKEN

step "经办人填写岗位并提交,用语检查发现性别限制"
VACANCY=$(call POST /api/v1/office/vacancies "{\"vacancy\":$(vacancy '负责纸箱码垛、贴标。限 男 性。')}" | field id)
call POST "/api/v1/office/vacancies/$VACANCY/submission" '{"version":1}'

step "就业专员退回,经办人修改后再提交"
TOKEN=$OFFICER
call POST "/api/v1/office/vacancies/$VACANCY/return" '{"version":2,"reason":"请删去性别要求,写明搬运重量"}'
TOKEN=$CLERK
call PUT "/api/v1/office/vacancies/$VACANCY" "{\"version\":3,\"vacancy\":$(vacancy '负责纸箱码垛、贴标,单件不超过 15 公斤,男女不限。')}"
call POST "/api/v1/office/vacancies/$VACANCY/submission" '{"version":4}'

step "就业专员审核通过并发布"
TOKEN=$OFFICER
call POST "/api/v1/office/vacancies/$VACANCY/approval" '{"version":5}'

step "职工不登录,输入两个字就能找到"
TOKEN=none
call GET "/api/v1/vacancies?q=%E7%A0%81%E5%9E%9B&take=2"

step "职工同意告知书、填写简历,同意向该单位展示简历,投递一次;再点一次还是同一份"
TOKEN=$WORKER
agree job_seeking
call PUT /api/v1/me/resume '{"resume":{"name":"陈晓光","occupations":["6-31"],"divisions":["410721102"],"payLow":400000,"education":"31",
  "skills":"会使用手动叉车,做过仓储盘点。","experiences":[{"employer":"某食品厂","post":"仓管员","fromMonth":"2021-03","untilMonth":"2025-10"}],
  "categories":["registered_unemployed"]}}'
for _ in 1 2; do call PUT "/api/v1/vacancies/$VACANCY/application" '{"disclosesResume":true}'; done

step "经办人查看投递:没有电话,也看不到人员类别;约面"
TOKEN=$CLERK
APPLICATION=$(call GET "/api/v1/office/vacancies/$VACANCY/applications" | shown | field id)
call GET "/api/v1/office/vacancy-applications/$APPLICATION"
call POST "/api/v1/office/vacancy-applications/$APPLICATION/interview" "{\"version\":2,\"at\":\"$(at '2 days')\",\"place\":\"厂部二楼会议室\"}"

step "职工看到约面,同意向该单位显示手机号"
TOKEN=$WORKER
MINE=$(call GET /api/v1/me/applications)
echo "$MINE"
EMPLOYER=$(echo "$MINE" | field employerId)
call PUT "/api/v1/me/employer-disclosures/$EMPLOYER" '{"showsPhone":true}'

finished "从企业登记到岗位投递"
