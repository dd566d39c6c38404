import type { shownEn } from './shown.en';
import type { Text } from './text';

/** 给收到声明的一方（合作方）看的文字。 */
export const shownZhCN: Readonly<Record<keyof typeof shownEn, Text>> = {
  'shown.title': '有人向您出示的声明',
  'shown.lead':
    '有人向您证明：已公布的快照中有一个账户至少持有这么多。此浏览器会验证证明，并请您填写只有您知道的内容。',
  'shown.where':
    '此页面位于 {host}。链接通向哪里由发送者决定，而别人的页面什么都能说：只有当它是您所知的{name}的地址时才可相信。',
  'shown.link': '您收到的链接',
  'shown.linkHelp': '它以 #shown= 和大约 1,300 个字母结尾，这部分不会发送给任何服务器。',
  'shown.linkEmpty': '请粘贴链接，或选择声明文件。',
  'shown.verify': '验证',
  'shown.choose': '选择声明文件',
  'shown.another': '验证另一个声明',

  'shown.holds': '有一个账户至少持有 {amount} {asset}',
  'shown.owes': '有一个账户至少欠 {amount} {asset}',
  'shown.snapshot': '在{date}的快照 {snapshot} 中。',
  'shown.open': '证明成立，但尚未比对它是为谁作出的。在您比对之前，它只说明某人曾向某人证明过这一点。',
  'shown.unknownKey': '证明成立，也是为您作出的，但此浏览器并不知道签名密钥属于{name}。',
  'shown.development': '证明成立，也是为您作出的；但用这套设置，任何人都能证明任何事。',
  'shown.mine': '证明成立，而且是为您、为此用途、针对您的挑战值作出的。',
  'shown.older': '有更新的快照，日期为{date}。如果这对您重要，请索取关于那份快照的声明。',
  'shown.developmentText': '任何人都能算出这套设置的秘密，并用它证明任何事。除非您在试用，否则请拒绝此声明。',

  'shown.false': '此声明不成立',
  'shown.notYours': '此声明不是给您的',
  'shown.false.proof': '证明与声明所说的不符：它是为别的内容作出的，或被改动过。请拒绝。',
  'shown.false.scope': '它是为另一个合作方或用途作出的。请确认两者与您给出的完全一致；若一致，请拒绝。',
  'shown.false.challenge': '它没有回答这个挑战值：它是为别人作出的，或是第二次出示。请拒绝。',
  'shown.false.other': '请拒绝：{reason}',
  'shown.false.code': '供您记录：{code}',

  'shown.form': '它是为您作出的吗？',
  'shown.formText':
    '请填写您给出的内容。它必须来自您自己的记录，因此不会用声明中的内容填入；也不会发送任何内容。',
  'shown.partner': '您自称的名字',
  'shown.partnerHelp': '与您给出的完全一致：lender.example',
  'shown.purpose': '为了什么用途',
  'shown.purposeHelp': '与您给出的完全一致：loan 2026-12',
  'shown.challenge': '您给出的挑战值',
  'shown.challengeHelp': '0x 加 62 个字母和数字，取自您的记录。',
  'shown.challengeEmpty': '请从您的记录中取得：没有它，此声明可能是为任何人作出的。',
  'shown.compare': '比对',

  'shown.checked': '已在此核对',
  'shown.checked.proof': '证明：针对此快照的声明树，并用{name}所签的验证密钥',
  'shown.checked.signed': '快照由密钥 {key} 签名，此浏览器知道它是{name}的',
  'shown.checked.mine': '它是为 {partner}、用途 {purpose} 作出的，并回答了您的挑战值',
  'shown.not': '未在此核对',
  'shown.not.mine': '它是为谁作出的：请先说明您是谁',
  'shown.not.signed': '签署快照的密钥 {key} 是否属于{name}：请与别处公布的比对',
  'shown.not.asked': '您要求的是否就是这种资产、是否不多于此：请看上面的数额',
  'shown.not.taken': '您的挑战值是否用过：每个只接受一次。此页面不保存记录，记录由您保存',
  'shown.not.again': '同一账户是否已为此用途作过声明：请把下面的作废符连同声明树根一起保存，再次见到时拒绝',
  'shown.not.tree': '声明树是否真实：只有{name}的签名为证，别无其他',
  'shown.not.setUp': { other: '参与设置的 {n} 方中是否有一方忘掉了自己的秘密' },
  'shown.says': '声明没有说什么',
  'shown.says.whose': '账户属于向您出示的人：声明可以转交',
  'shown.says.still': '它现在仍然持有，或没有别人对它享有权利',
  'shown.says.debts': '账户欠多少：数额中没有减去任何债务',
  'shown.details': '应保存的内容与详情',
  'shown.root': '声明树根',
  'shown.scope': '范围：合作方和用途的摘要',
  'shown.given': '它所回答的挑战值',
  'shown.manifest': '清单',

  'shown.failed.title': '没有验证任何内容',
  'shown.failed.none': '此链接中没有声明：它应以 #shown=… 结尾。请复制完整的链接。',
  'shown.failed.link': '链接在途中被截断或改动。这不说明声明本身有问题：请再次索取链接，或索取声明文件。',
  'shown.failed.file': '这不是声明，或者它在途中被改动。请再次索取。',
  'shown.failed.snapshot':
    '此声明与{name}在此公布的任何快照都无关。它可能属于另一个交易所：请询问发送者，并打开那个交易所自己的页面。',
  'shown.failed.keys': '所提供的验证密钥与{name}所签的不符，因此没有验证。请重试；如仍如此，请告知{name}。',
  'shown.failed.missing': '{name}没有提供验证声明所用的密钥。请向{name}索取。',
};
