package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/huawu/huawu/api"
)

// chinese translates what operators read. English is what the keys say.
var chinese = merge(chineseBase, chineseFlows, chineseControl, chineseResources, chineseWhy, chineseSimulate, chineseLists, chinesePhrases, chineseScenes,
	chineseLeader, chineseNorms, chineseSurveys)

// merge is all tables in one; no key is in two.
func merge(tables ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, table := range tables {
		for key, text := range table {
			if all[key] != "" { // a mistake in the tables
				panic(key + " is translated twice")
			}
			all[key] = text
		}
	}
	return all
}

var chineseBase = map[string]string{
	// Heads of tables.
	"Queue": "队列", "Name": "名称", "Waiting": "等待", "Longest": "最长等待", "Ready": "示闲", "Talking": "通话",
	"Position": "位置", "From": "主叫", "To": "被叫", "Waited": "已等待", "Priority": "优先级", "Offered": "正在振铃", "Call": "通话编号",
	"Agent": "工号", "State": "状态", "Reason": "原因", "For": "持续", "Seat": "话机", "Reachable": "可达", "Queues": "队列", "Skills": "技能",
	"Direction": "方向", "Node": "流程节点", "Recorded": "录音", "Recording paused": "录音暂停", "Began": "开始", "Fault": "责任", "Ended by": "结束方", "Excused by": "先挂原因", "IVR": "流程",
	"Wait": "等待", "Ring": "振铃", "Talk": "通话", "Hold": "保持", "Wrap-up": "话后", "Cause": "原因码", "Offers": "派送",
	"Recording": "录音", "Side": "声道", "File": "文件", "Leg": "通道", "Role": "角色", "At": "时间", "Event": "事件", "Detail": "详情",
	"Version": "版本", "By": "操作人", "Saved": "保存时间", "In effect": "生效", "Via": "途径", "Action": "操作", "Target": "对象",
	"Before": "之前", "After": "之后",
	"Transfers": "转接", "Consult": "咨询", "%v rings": "%v 声",
	"yes": "是", "no": "否",
	// Outcomes.
	"agent %s: %s":                           "座席 %s：%s",
	"agent %s has a new PIN":                 "座席 %s 的密码已更新",
	"call %s is being ended":                 "通话 %s 正在挂断",
	"nothing to change, version %v holds":    "无变化，版本 %v 生效中",
	"version %v is in effect":                "版本 %v 已生效",
	"dry run: nothing has been changed":      "试运行：未作任何更改",
	"%v PINs set":                            "已设置 %v 个密码",
	"1 PIN set":                              "已设置 1 个密码",
	"1 PIN would be set":                     "将设置 1 个密码",
	"%v PINs would be set":                   "将设置 %v 个密码",
	"the configuration %s is right":          "配置 %s 正确",
	"the centre in %s is right":              "中心文档 %s 正确",
	"the flow %s in %s is right":             "流程 %s（%s）正确",
	"PIN of agent %s: ":                      "座席 %s 的密码：",
	"%v right, %v wrong, %v with a drawback": "正常 %v 项，错误 %v 项，提醒 %v 项",
	// Errors.
	"no huawu answers at %s (%v); is \"huawu serve\" running? --server or HUAWU_SERVER name another":                "%s 没有应答（%v）；“huawu serve” 是否在运行？可用 --server 或 HUAWU_SERVER 指定地址",
	"no token for huawu's API: %v; --config names huawu's configuration, --token-file or HUAWU_TOKEN_FILE the file": "没有访问 huawu 接口的令牌：%v；请用 --config 指定 huawu 的配置，或用 --token-file、HUAWU_TOKEN_FILE 指定令牌文件",
}

// chineseCodes translate the codes of problems; the detail follows.
var chineseCodes = map[string]string{
	"unauthenticated": "未通过认证", "forbidden": "没有权限", "denied": "被拒绝", "too-many-attempts": "尝试次数过多", "not-found": "找不到",
	"method-not-allowed": "不支持的操作", "conflict": "冲突", "precondition-failed": "版本已变化", "invalid": "参数有误", "invalid-document": "文档有误",
	"invalid-cursor": "游标无效", "gone": "已过期", "overloaded": "系统过载", "journal": "日志无法写入", "stopping": "正在停止",
	"unavailable": "暂不可用", "not-in-effect": "已保存但未生效", "timeout": "超时", "internal": "内部错误", "bad-request": "请求有误",
	"unsupported-media-type": "不支持的格式", "too-large": "内容过大",
}

// chineseErrors translate the heads of errors that are not the API's.
var chineseErrors = []struct {
	err  error
	text string
}{{errUsage, "用法有误"}}

var words = func() catalog.Catalog {
	b := catalog.NewBuilder(catalog.Fallback(language.English))
	for key, text := range chinese {
		if err := b.SetString(language.Chinese, key, text); err != nil { // a mistake in the table
			panic(err)
		}
	}
	return b
}()

// printer speaks a language: as named, else as the environment says.
func printer(lang string) *message.Printer {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if lang == "" {
			lang = os.Getenv(name)
		}
	}
	tag := language.English
	if strings.HasPrefix(lang, "zh") {
		tag = language.Chinese
	}
	return message.NewPrinter(tag, message.Catalog(words))
}

// chinese says whether the printer speaks Chinese.
func (a *app) chinese() bool { return a.say.Sprintf("yes") == chinese["yes"] }

// toldError is an error in words that the catalogue may know. The error beneath
// decides the exit code.
type toldError struct {
	key  string
	args []any
	err  error
}

func (e *toldError) Error() string { return fmt.Sprintf(e.key, e.args...) }
func (e *toldError) Unwrap() error { return e.err }

// words are what an operator is told about an error.
func (a *app) words(err error) string {
	if t := (*toldError)(nil); errors.As(err, &t) {
		return a.say.Sprintf(t.key, t.args...)
	}
	text := err.Error()
	if p := (*api.Problem)(nil); errors.As(err, &p) {
		text = problemText(p)
		if head, ok := chineseCodes[p.Code]; ok && a.chinese() {
			text = head + "：" + text
		}
		return text
	}
	if a.chinese() {
		for _, row := range chineseErrors {
			if errors.Is(err, row.err) {
				return row.text + "：" + strings.TrimPrefix(text, row.err.Error()+": ")
			}
		}
	}
	return text
}

// problemText is a problem of the API with everything that it names.
func problemText(p *api.Problem) string {
	text := p.Detail
	for _, f := range p.Errors {
		text += "\n  "
		if f.File != "" {
			text += f.File
			for _, n := range []int{f.Line, f.Column} {
				if n > 0 {
					text += fmt.Sprintf(":%d", n)
				}
			}
			text += ": "
		}
		if f.Location != "" {
			text += f.Location + ": "
		}
		text += f.Message
		if f.Value != nil && f.Value != "" && f.Location != "body" {
			text += fmt.Sprintf(" (%v)", f.Value)
		}
		if f.Remedy != "" {
			text += "; " + f.Remedy
		}
	}
	return text
}
