import type { Text } from './text';

/** Texts about private claims. */
export const claimsEn = {
  'claim.make': 'Make a claim',
  'claim.asked':
    'A link asks you to show what you hold, and not who you are. Check your balance first; then choose “Make a claim”.',
  'claim.wait': 'Getting what claims are made with…',
  'claim.title': 'Show that you hold at least so much',
  'claim.lead':
    'Your browser can prove to a partner that an account of this snapshot holds at least an amount that you choose. They don’t learn which account, how much it holds, or your name.',
  'claim.again': 'Enter your key once more: it isn’t kept.',
  'claim.none': 'This snapshot has no claim tree: {name} offers no private claims for it.',
  'claim.nothing': 'Your account holds nothing in this snapshot that could be shown.',

  'claim.file.title': 'Your claim file',
  'claim.file.need':
    'Claims are made with a file that {name} gives to you alone. Whoever has it can make claims in your name: treat it like your key.',
  'claim.file.choose': 'Choose my claim file',
  'claim.file.fetch': 'Get it from {name}',
  'claim.file.fetchSees': '{name} then sees which account asks.',
  'claim.file.checking': 'Looking for your account in the claim tree…',
  'claim.file.checked':
    'Your claim file is genuine: your account is in the claim tree of the snapshot that {name} signed.',

  'claim.form': 'What you show, and to whom',
  'claim.asset': 'Asset',
  'claim.amount': 'At least',
  'claim.have': 'You have {amount} {asset}. A round number below it says less about you.',
  'claim.partner': 'Who asks',
  'claim.partnerHelp': 'Exactly as they write it: lender.example',
  'claim.purpose': 'What for',
  'claim.purposeHelp': 'Exactly as they write it: loan 2026-12',
  'claim.challenge': 'Their challenge',
  'claim.challengeHelp': '0x and 62 letters and digits. Each is good for one claim.',
  'claim.fromLink': 'A link filled this in. Anybody can write a link: make sure that it is whom you expect.',
  'claim.assetNone': 'The link asks for {asset}, of which your account holds nothing.',
  'claim.prove': 'Prove it in this browser',
  'claim.loads':
    'Loads some megabytes once. Nothing about you is sent: your amounts, your key and your claim file stay in this browser.',
  'claim.server': 'Let {name} make the proof, because this device can’t',
  'claim.serverSees':
    'Warning: {name} then sees the whole request: that it is you who asks, which partner it is for, what for, and how much you show. Proved in this browser, it sees no more than that you got your claim file.',
  'claim.serverProve': 'Have {name} make the claim',

  'claim.wrong.amountEmpty': 'Say how much you want to show.',
  'claim.wrong.amountForm': 'Digits, and a point where you need one: 1.5',
  'claim.wrong.amountDecimals': {
    one: 'This asset has at most {n} decimal.',
    other: 'This asset has at most {n} decimals.',
  },
  'claim.wrong.amountZero': 'Everybody holds at least nothing: choose more than 0.',
  'claim.wrong.amountMore':
    'That is more than you have: it can’t be proved. Choose an amount up to your balance.',
  'claim.wrong.challengeEmpty': 'Paste the challenge that your partner gave you.',
  'claim.wrong.challengeLetters':
    'A challenge has the digits 0–9 and the letters a–f alone. Copy it once more.',
  'claim.wrong.challengeLength': {
    one: 'A challenge has 62 digits after 0x; this has {n}. Copy it once more.',
    other: 'A challenge has 62 digits after 0x; this has {n}. Copy it once more.',
  },
  'claim.wrong.nameEmpty': 'Needed: it is part of what is proved.',
  'claim.wrong.nameLong': 'Too long: at most 256 bytes.',

  'claim.running': 'Making your claim',
  'claim.step.server': 'Wait for {name} to make the claim: some seconds',
  'claim.step.keys': 'Get the keys that {name} signed for',
  'claim.step.checking': 'Compare them, and your file, with the manifest',
  'claim.step.witness': 'Work out the proof’s inputs',
  'claim.step.proving': 'Prove',
  'claim.step.verifying': 'Verify the claim as your partner will',
  'claim.cancel': 'Cancel',
  'claim.cancelled': 'Cancelled: no claim was made, and nothing was sent.',
  'claim.serverCancelled':
    'Cancelled: {name} has seen the request, and may still make the claim. It is shown to nobody else.',

  'claim.made': 'An account of this snapshot holds at least {amount} {asset}',
  'claim.madeFor': 'For {partner}, {purpose}. Proved and verified in this browser in {seconds} s.',
  'claim.serverMade':
    'For {partner}, {purpose}. Made by {name} in {seconds} s, and verified in this browser.',
  'claim.development': 'Development set-up: do not rely on it',
  'claim.developmentText':
    'Anybody can work out the secret of this set-up, and with it prove whatever they like. Partners refuse such claims, unless they are trying things out.',
  'claim.give': 'Give it to your partner',
  'claim.download': 'Save the claim',
  'claim.link': 'Copy a link to it',
  'claim.linkShow': 'The link',
  'claim.linkCopied': 'The link is copied',
  'claim.linkText':
    'Your partner opens the link on this page, and sees the claim verified there. It has the whole claim in it, after the #, which is sent to no server. Give it to your partner alone: whoever has it first can show it as theirs.',
  'claim.copy': 'The claim as text',
  'claim.another': 'Make another claim',
  'claim.shows': 'What it shows',
  'claim.shows.holds': 'that one account in the snapshot of {date} holds at least {amount} {asset}',
  'claim.shows.answer': 'that it was made for this partner, this purpose and this challenge',
  'claim.shows.same':
    'a number that is the same in each of your claims for this partner and purpose from this snapshot: they see that it is the same account again',
  'claim.hides': 'What it doesn’t show',
  'claim.hides.who':
    'your account, its balance, its other assets, its place; or that claims for other purposes are yours',
  'claim.links': '{name} can tell whose claim this is, should it see it: it knows every account’s claim key.',
  'claim.hides.tree': 'that the claim tree is true: your partner has {name}’s signature for it, and no more',
  'claim.hides.still': 'that you still have it, that it is free, or that it is yours alone',
  'claim.hides.debts': 'what you owe: debts aren’t subtracted',
  'claim.details': 'Details',
  'claim.nullifier': 'Nullifier: the number that stays the same',
  'claim.key': 'Verifying key',
  'claim.setUp': {
    one: 'Set-up with {n} contribution: one honest party is enough, if there was one.',
    other: 'Set-up with {n} contributions: one honest party is enough, if there was one.',
  },

  'claim.failed.title': 'No claim was made',
  'claim.failed.foreign':
    'Your account is not where this file says in the claim tree that {name} signed, or the file is of another snapshot. Get it anew; if it stays so, keep it and ask {name} why.',
  'claim.failed.other': 'This claim file is of another account than the key that you entered.',
  'claim.failed.file': 'This is no claim file, or it was changed on the way. Get it anew.',
  'claim.failed.manifest': 'The manifest of this snapshot is not signed as it should be: {reason}',
  'claim.failed.below': 'Your account holds less than that.',
  'claim.failed.keys':
    'What was served as keys is not what {name} signed for, so it was not used. Try again; if it stays so, tell {name}.',
  'claim.failed.missing': '{name} does not serve the keys that claims are proved with. Ask {name} for them.',
  'claim.failed.check':
    'The proof that was made does not verify, so it is not shown. Try again, and report it if it stays so.',
  'claim.failed.server':
    '{name} couldn’t make the claim now. Try again in a moment, with the same entries; or make it in this browser.',
  'claim.failed.detail': 'For support: {code}',
  'claim.shownNav': 'Check a claim',
  'claim.shownWait': 'Verifying the claim…',
  'claim.licence': 'Making claims, under the GPL',
  'claim.licenceText':
    'What proves private claims, snarkjs, is under the GPL-3.0. It is a file of its own (its name begins with gpl-) and is loaded only when you make a claim; everything else here, what verifies claims included, does without.',
} as const satisfies Record<string, Text>;
