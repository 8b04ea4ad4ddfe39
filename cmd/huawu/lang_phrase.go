package main

// chinesePhrases translates what the commands for phrases print.
var chinesePhrases = map[string]string{
	"Phrase": "用语", "Scene": "场景", "Worded by": "措辞来源", "Wording": "措辞", "Profile": "模板", "Prescribed": "规范原文", "Typo": "原文错字",
	"Corrected": "更正", "Variables": "变量", "Spoken by": "由谁说", "Needs": "条件", "Source": "出处", "Text": "文本", "Shown": "显示",
	"Spoken": "朗读", "Script": "话术", "Warning": "提醒", "Steps": "步骤数", "Phrases": "用语数", "Does": "内容", "One of": "任选其一",
	"Trigger":                            "触发",
	"nothing is spoken: no value for %v": "不能播报：缺少 %v",
	"No.":                                "编号", "Lasts": "时长", "Odd": "异常项", "Says": "内容", "Measured": "检测项", "Limit": "标准", "Remedy": "建议",
	"%s is spoken by the text-to-speech engine": "%s 由语音合成播报",
	"%s is written": "已写入 %s",
	"audio: %d recorded, %d generated, %d from pieces, %d spoken in the call, %d silent": "音频：录音 %d，合成 %d，拼接 %d，通话中合成 %d，无声 %d",
	"Audio":                     "音频",
	"Voices":                    "本人录音",
	"Said by":                   "出处",
	"odd: %v":                   "提醒：%v",
	"%s: all phrases are right": "%s：用语全部正确",
}

// chineseWords translate single words of phrases and of versions of flows.
var chineseWords = map[string]string{
	"queue": "队列", "tenant": "租户", "profile": "模板", "address-left-out": "称呼未知，已省略", "typo-kept": "原文有错字，未更正",
	"heard": "使用中", "stale": "措辞已变", "gone": "文件丢失", "format": "格式", "loudness": "响度", "clipping": "削波", "lead": "开头静音",
	"trail": "结尾静音", "length": "时长", "rate": "语速",
	"recorded": "录音", "generated": "合成", "pieces": "拼接", "call": "通话中合成", "silent": "无声",
	"made": "新建", "changed": "修改", "removed": "删除",
}
