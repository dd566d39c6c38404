import type { claimsEn } from './claims.en';
import type { Text } from './text';

/** Textos sobre las declaraciones privadas. */
export const claimsEs: Readonly<Record<keyof typeof claimsEn, Text>> = {
  'claim.make': 'Hacer una declaración',
  'claim.asked':
    'Un enlace te pide que demuestres lo que tienes, sin decir quién eres. Comprueba primero tu saldo y elige después «Hacer una declaración».',
  'claim.wait': 'Obteniendo lo que hace falta para declarar…',
  'claim.title': 'Demuestra que tienes al menos tanto',
  'claim.lead':
    'Tu navegador puede demostrar a un tercero que una cuenta de esta instantánea tiene al menos la cantidad que elijas. No sabrá qué cuenta es, cuánto tiene ni cómo te llamas.',
  'claim.again': 'Escribe tu clave otra vez: no se guarda.',
  'claim.none':
    'Esta instantánea no tiene árbol de declaraciones: {name} no ofrece declaraciones privadas sobre ella.',
  'claim.nothing': 'Tu cuenta no tiene nada en esta instantánea que se pueda demostrar.',

  'claim.file.title': 'Tu archivo de declaraciones',
  'claim.file.need':
    'Las declaraciones se hacen con un archivo que {name} te da solo a ti. Quien lo tenga puede declarar en tu nombre: cuídalo como tu clave.',
  'claim.file.choose': 'Elegir mi archivo',
  'claim.file.fetch': 'Pedirlo a {name}',
  'claim.file.fetchSees': '{name} verá entonces qué cuenta lo pide.',
  'claim.file.checking': 'Buscando tu cuenta en el árbol de declaraciones…',
  'claim.file.checked':
    'Tu archivo es auténtico: tu cuenta está en el árbol de declaraciones de la instantánea que firmó {name}.',

  'claim.form': 'Qué demuestras y a quién',
  'claim.asset': 'Activo',
  'claim.amount': 'Al menos',
  'claim.have': 'Tienes {amount} {asset}. Una cifra redonda por debajo dice menos de ti.',
  'claim.partner': 'Quién lo pide',
  'claim.partnerHelp': 'Exactamente como lo escriba: lender.example',
  'claim.purpose': 'Para qué',
  'claim.purposeHelp': 'Exactamente como lo escriba: loan 2026-12',
  'claim.challenge': 'Su desafío',
  'claim.challengeHelp': '0x y 62 letras y cifras. Cada uno sirve para una declaración.',
  'claim.fromLink':
    'Un enlace ha rellenado esto. Cualquiera puede escribir un enlace: asegúrate de que es quien esperas.',
  'claim.assetNone': 'El enlace pide {asset}, y tu cuenta no tiene nada de ello.',
  'claim.prove': 'Demostrarlo en este navegador',
  'claim.loads':
    'Descarga unos megabytes una vez. No se envía nada sobre ti: tus saldos, tu clave y tu archivo se quedan en este navegador.',
  'claim.server': 'Que {name} haga la prueba, porque este dispositivo no puede',
  'claim.serverSees':
    'Atención: {name} ve entonces toda la petición: que eres tú quien pide, para quién es, con qué fin y cuánto demuestras. Si se demuestra en este navegador, solo ve que obtuviste tu archivo.',
  'claim.serverProve': 'Que {name} haga la declaración',

  'claim.wrong.amountEmpty': 'Di cuánto quieres demostrar.',
  'claim.wrong.amountForm': 'Cifras, con un punto decimal si hace falta: 1.5',
  'claim.wrong.amountDecimals': {
    one: 'Este activo tiene como mucho {n} decimal.',
    many: 'Este activo tiene como mucho {n} decimales.',
    other: 'Este activo tiene como mucho {n} decimales.',
  },
  'claim.wrong.amountZero': 'Todo el mundo tiene al menos nada: elige más de 0.',
  'claim.wrong.amountMore':
    'Es más de lo que tienes: no se puede demostrar. Elige una cantidad que no pase de tu saldo.',
  'claim.wrong.challengeEmpty': 'Pega el desafío que te dieron.',
  'claim.wrong.challengeLetters': 'Un desafío solo tiene cifras 0–9 y letras a–f. Cópialo otra vez.',
  'claim.wrong.challengeLength': {
    one: 'Un desafío tiene 62 cifras tras 0x; este tiene {n}. Cópialo otra vez.',
    many: 'Un desafío tiene 62 cifras tras 0x; este tiene {n}. Cópialo otra vez.',
    other: 'Un desafío tiene 62 cifras tras 0x; este tiene {n}. Cópialo otra vez.',
  },
  'claim.wrong.nameEmpty': 'Hace falta: es parte de lo que se demuestra.',
  'claim.wrong.nameLong': 'Demasiado largo: como mucho 256 bytes.',

  'claim.running': 'Haciendo tu declaración',
  'claim.step.server': 'Esperar a que {name} haga la declaración: unos segundos',
  'claim.step.keys': 'Obtener las claves que firmó {name}',
  'claim.step.checking': 'Compararlas, y tu archivo, con el manifiesto',
  'claim.step.witness': 'Calcular las entradas de la prueba',
  'claim.step.proving': 'Demostrar',
  'claim.step.verifying': 'Verificar la declaración como lo hará quien la pide',
  'claim.cancel': 'Cancelar',
  'claim.cancelled': 'Cancelado: no se hizo ninguna declaración ni se envió nada.',
  'claim.serverCancelled':
    'Cancelado: {name} ha visto la petición y puede que aún haga la declaración. No se muestra a nadie más.',

  'claim.made': 'Una cuenta de esta instantánea tiene al menos {amount} {asset}',
  'claim.madeFor': 'Para {partner}, {purpose}. Demostrado y verificado en este navegador en {seconds} s.',
  'claim.serverMade':
    'Para {partner}, {purpose}. Hecha por {name} en {seconds} s y verificada en este navegador.',
  'claim.development': 'Preparación de desarrollo: no te fíes de ella',
  'claim.developmentText':
    'Cualquiera puede calcular el secreto de esta preparación y demostrar con él lo que quiera. Solo se aceptan tales declaraciones para hacer pruebas.',
  'claim.give': 'Entrégala a quien la pide',
  'claim.download': 'Guardar la declaración',
  'claim.link': 'Copiar un enlace a ella',
  'claim.linkShow': 'El enlace',
  'claim.linkCopied': 'El enlace está copiado',
  'claim.linkText':
    'Quien la pide abre el enlace en esta página y ve allí la declaración verificada. Lleva la declaración entera tras el #, que no se envía a ningún servidor. Dáselo solo a quien la pide: quien lo tenga antes puede enseñarla como suya.',
  'claim.copy': 'La declaración como texto',
  'claim.another': 'Hacer otra declaración',
  'claim.shows': 'Qué demuestra',
  'claim.shows.holds': 'que una cuenta de la instantánea del {date} tiene al menos {amount} {asset}',
  'claim.shows.answer': 'que se hizo para este tercero, este fin y este desafío',
  'claim.shows.same':
    'un número que es el mismo en todas tus declaraciones para este tercero y fin sobre esta instantánea: verá que es otra vez la misma cuenta',
  'claim.hides': 'Qué no demuestra',
  'claim.hides.who':
    'tu cuenta, su saldo, sus otros activos ni su lugar; ni que declaraciones para otros fines sean tuyas',
  'claim.links':
    '{name} puede saber de quién es esta declaración si la ve: conoce la clave de declaraciones de cada cuenta.',
  'claim.hides.tree':
    'que el árbol de declaraciones sea verdadero: quien la pide tiene la firma de {name}, y nada más',
  'claim.hides.still': 'que aún lo tengas, que esté libre o que sea solo tuyo',
  'claim.hides.debts': 'lo que debes: no se restan las deudas',
  'claim.details': 'Detalles',
  'claim.nullifier': 'Anulador: el número que no cambia',
  'claim.key': 'Clave de verificación',
  'claim.setUp': {
    one: 'Preparación con {n} contribución: basta una parte honrada, si la hubo.',
    many: 'Preparación con {n} contribuciones: basta una parte honrada, si la hubo.',
    other: 'Preparación con {n} contribuciones: basta una parte honrada, si la hubo.',
  },

  'claim.failed.title': 'No se hizo ninguna declaración',
  'claim.failed.foreign':
    'Tu cuenta no está donde dice este archivo en el árbol que firmó {name}, o el archivo es de otra instantánea. Consíguelo de nuevo; si sigue así, guárdalo y pregunta a {name} por qué.',
  'claim.failed.other': 'Este archivo es de otra cuenta que la de la clave que escribiste.',
  'claim.failed.file': 'Esto no es un archivo de declaraciones, o cambió por el camino. Consíguelo de nuevo.',
  'claim.failed.manifest': 'El manifiesto de esta instantánea no está firmado como debe: {reason}',
  'claim.failed.below': 'Tu cuenta tiene menos que eso.',
  'claim.failed.keys':
    'Lo que se sirvió como claves no es lo que firmó {name}, así que no se usó. Prueba otra vez; si sigue así, avisa a {name}.',
  'claim.failed.missing': '{name} no sirve las claves con las que se demuestra. Pídeselas.',
  'claim.failed.check':
    'La prueba hecha no se verifica, así que no se muestra. Prueba otra vez y, si sigue así, da aviso.',
  'claim.failed.server':
    '{name} no pudo hacer la declaración ahora. Inténtalo de nuevo en un momento con los mismos datos, o hazla en este navegador.',
  'claim.failed.detail': 'Para quien te ayude: {code}',
  'claim.shownNav': 'Verificar una declaración',
  'claim.shownWait': 'Verificando la declaración…',
  'claim.licence': 'Hacer declaraciones, bajo la GPL',
  'claim.licenceText':
    'Lo que demuestra declaraciones privadas, snarkjs, está bajo la GPL-3.0. Es un archivo aparte (su nombre empieza por gpl-) y se carga solo cuando haces una declaración; todo lo demás, también lo que las verifica, prescinde de él.',
};
