import type { Text } from './text';

/** Texts for whoever is shown a claim: a partner. */
export const shownEn = {
  'shown.title': 'A claim that you were shown',
  'shown.lead':
    'Somebody shows you that an account of a published snapshot holds at least so much. This browser verifies the proof, and asks you for what only you know.',
  'shown.where':
    'This page is at {host}. Whoever sends a link chooses where it leads, and somebody else’s page can say anything: believe it only if that is the address that you know {name} by.',
  'shown.link': 'The link that you were sent',
  'shown.linkHelp': 'It ends with #shown= and some 1,300 letters, which are sent to no server.',
  'shown.linkEmpty': 'Paste the link, or choose the claim’s file.',
  'shown.verify': 'Verify',
  'shown.choose': 'Choose the claim’s file',
  'shown.another': 'Verify another claim',

  'shown.holds': 'An account holds at least {amount} {asset}',
  'shown.owes': 'An account owes at least {amount} {asset}',
  'shown.snapshot': 'In the snapshot {snapshot} of {date}.',
  'shown.open':
    'The proof holds, but nobody has compared yet whom it was made for. Until you do, it says only that somebody once proved this to somebody.',
  'shown.unknownKey':
    'The proof holds and was made for you, under a key that this browser doesn’t know {name} by.',
  'shown.development':
    'The proof holds and was made for you; but with this set-up anybody can prove anything.',
  'shown.mine': 'The proof holds, and was made for you, for this purpose and with your challenge.',
  'shown.older': 'There is a newer snapshot, of {date}. Ask for a claim about that one if it matters to you.',
  'shown.developmentText':
    'Anybody can work out the secret of this set-up, and with it prove whatever they like. Refuse this claim, unless you are trying things out.',

  'shown.false': 'This claim does not hold',
  'shown.notYours': 'This claim isn’t for you',
  'shown.false.proof':
    'The proof is not one for what the claim says: it was made for something else, or changed. Refuse it.',
  'shown.false.scope':
    'It was made for another partner or purpose than these. Make sure that you wrote both exactly as you gave them out; if so, refuse it.',
  'shown.false.challenge':
    'It doesn’t answer this challenge: it was made for somebody else, or is shown a second time. Refuse it.',
  'shown.false.other': 'Refuse it: {reason}',
  'shown.false.code': 'For your records: {code}',

  'shown.form': 'Was it made for you?',
  'shown.formText':
    'Enter what you gave out. It must come from your own records, so nothing is filled in from the claim; and nothing is sent.',
  'shown.partner': 'You, as you called yourself',
  'shown.partnerHelp': 'Exactly as you gave it out: lender.example',
  'shown.purpose': 'What for',
  'shown.purposeHelp': 'Exactly as you gave it out: loan 2026-12',
  'shown.challenge': 'The challenge that you gave out',
  'shown.challengeHelp': '0x and 62 letters and digits, from your records.',
  'shown.challengeEmpty': 'Take it from your records: without it, the claim may have been made for anybody.',
  'shown.compare': 'Compare',

  'shown.checked': 'Checked here',
  'shown.checked.proof':
    'the proof, for the claim tree of this snapshot, under a verifying key that {name} signed for',
  'shown.checked.signed': 'that the snapshot is signed by the key {key}, by which this browser knows {name}',
  'shown.checked.mine': 'that it was made for {partner}, {purpose}, and answers your challenge',
  'shown.not': 'Not checked here',
  'shown.not.mine': 'whom it was made for, until you say who you are',
  'shown.not.signed':
    'that the key {key}, which signed the snapshot, is {name}’s: compare it with what is published elsewhere',
  'shown.not.asked': 'that you asked for this asset, and for no more: look at the amount above',
  'shown.not.taken':
    'that your challenge wasn’t used before: take each once. This page keeps no records, you do',
  'shown.not.again':
    'that the same account made no claim for this purpose before: keep the nullifier below with the claim root, and refuse it when you see it again',
  'shown.not.tree': 'that the claim tree is true: {name}’s signature says so, and nothing else',
  'shown.not.setUp': {
    one: 'that the one party who contributed to the set-up forgot their secret',
    other: 'that one of the {n} parties who contributed to the set-up forgot their secret',
  },
  'shown.says': 'What a claim doesn’t say',
  'shown.says.whose': 'that the account is that of whoever shows it to you: a claim can be handed on',
  'shown.says.still': 'that it still holds this now, or that nobody else has a right to it',
  'shown.says.debts': 'what the account owes: no debt is subtracted from the amount',
  'shown.details': 'What to keep, and details',
  'shown.root': 'Claim root',
  'shown.scope': 'Scope: digest of partner and purpose',
  'shown.given': 'Challenge that it answers',
  'shown.manifest': 'Manifest',

  'shown.failed.title': 'Nothing was verified',
  'shown.failed.none': 'There is no claim in this link: it would end with #shown=… Copy the whole of it.',
  'shown.failed.link':
    'The link was cut off or changed on its way. That says nothing about the claim: ask for the link once more, or for the claim as a file.',
  'shown.failed.file': 'This is no claim, or it was changed on its way. Ask for it once more.',
  'shown.failed.snapshot':
    'The claim is about none of the snapshots that {name} publishes here. It may be another exchange’s: ask whoever sent it, and open that exchange’s own page.',
  'shown.failed.keys':
    'What was served as verifying key is not what {name} signed for, so nothing was verified. Try again; if it stays so, tell {name}.',
  'shown.failed.missing': '{name} does not serve the key that claims are verified with. Ask {name} for it.',
} as const satisfies Record<string, Text>;
