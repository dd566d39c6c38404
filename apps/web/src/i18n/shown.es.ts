import type { shownEn } from './shown.en';
import type { Text } from './text';

/** Textos para quien recibe una declaración. */
export const shownEs: Readonly<Record<keyof typeof shownEn, Text>> = {
  'shown.title': 'Una declaración que te enseñan',
  'shown.lead':
    'Alguien te demuestra que una cuenta de una instantánea publicada tiene al menos tanto. Este navegador verifica la prueba y te pregunta lo que solo tú sabes.',
  'shown.where':
    'Esta página está en {host}. Quien envía un enlace elige adónde lleva, y la página de otro puede decir cualquier cosa: créela solo si esa es la dirección por la que conoces a {name}.',
  'shown.link': 'El enlace que te enviaron',
  'shown.linkHelp': 'Termina en #shown= y unas 1300 letras, que no se envían a ningún servidor.',
  'shown.linkEmpty': 'Pega el enlace o elige el archivo de la declaración.',
  'shown.verify': 'Verificar',
  'shown.choose': 'Elegir el archivo de la declaración',
  'shown.another': 'Verificar otra declaración',

  'shown.holds': 'Una cuenta tiene al menos {amount} {asset}',
  'shown.owes': 'Una cuenta debe al menos {amount} {asset}',
  'shown.snapshot': 'En la instantánea {snapshot} del {date}.',
  'shown.open':
    'La prueba se cumple, pero nadie ha comparado aún para quién se hizo. Hasta entonces solo dice que alguien se lo demostró una vez a alguien.',
  'shown.unknownKey':
    'La prueba se cumple y se hizo para ti, con una clave por la que este navegador no conoce a {name}.',
  'shown.development':
    'La prueba se cumple y se hizo para ti; pero con esta preparación cualquiera puede demostrar cualquier cosa.',
  'shown.mine': 'La prueba se cumple y se hizo para ti, para este fin y con tu desafío.',
  'shown.older':
    'Hay una instantánea más reciente, del {date}. Pide una declaración sobre ella si te importa.',
  'shown.developmentText':
    'Cualquiera puede calcular el secreto de esta preparación y demostrar con él lo que quiera. Rechaza esta declaración, salvo que estés haciendo pruebas.',

  'shown.false': 'Esta declaración no se cumple',
  'shown.notYours': 'Esta declaración no es para ti',
  'shown.false.proof':
    'La prueba no es de lo que dice la declaración: se hizo para otra cosa o se cambió. Recházala.',
  'shown.false.scope':
    'Se hizo para otro tercero o fin que estos. Asegúrate de que escribiste ambos exactamente como los diste; si es así, recházala.',
  'shown.false.challenge':
    'No responde a este desafío: se hizo para otra persona o se enseña por segunda vez. Recházala.',
  'shown.false.other': 'Recházala: {reason}',
  'shown.false.code': 'Para tus registros: {code}',

  'shown.form': '¿Se hizo para ti?',
  'shown.formText':
    'Escribe lo que diste. Tiene que salir de tus propios registros, así que nada se rellena con la declaración; y no se envía nada.',
  'shown.partner': 'Tú, como te llamaste',
  'shown.partnerHelp': 'Exactamente como lo diste: lender.example',
  'shown.purpose': 'Para qué',
  'shown.purposeHelp': 'Exactamente como lo diste: loan 2026-12',
  'shown.challenge': 'El desafío que diste',
  'shown.challengeHelp': '0x y 62 letras y cifras, de tus registros.',
  'shown.challengeEmpty': 'Sácalo de tus registros: sin él, la declaración pudo hacerse para cualquiera.',
  'shown.compare': 'Comparar',

  'shown.checked': 'Comprobado aquí',
  'shown.checked.proof':
    'la prueba, para el árbol de declaraciones de esta instantánea, con una clave de verificación que firmó {name}',
  'shown.checked.signed':
    'que la instantánea está firmada con la clave {key}, por la que este navegador conoce a {name}',
  'shown.checked.mine': 'que se hizo para {partner}, {purpose}, y responde a tu desafío',
  'shown.not': 'No comprobado aquí',
  'shown.not.mine': 'para quién se hizo, hasta que digas quién eres',
  'shown.not.signed':
    'que la clave {key}, que firmó la instantánea, sea de {name}: compárala con la que se publica en otro sitio',
  'shown.not.asked': 'que pidieras este activo, y no más cantidad: mira la de arriba',
  'shown.not.taken':
    'que tu desafío no se usara antes: acepta cada uno una vez. Esta página no guarda registros; tú sí',
  'shown.not.again':
    'que la misma cuenta no hiciera antes una declaración para este fin: guarda el anulador de abajo con la raíz, y recházalo si vuelve',
  'shown.not.tree': 'que el árbol de declaraciones sea verdadero: lo dice la firma de {name}, y nada más',
  'shown.not.setUp': {
    one: 'que la única parte que contribuyó a la preparación olvidara su secreto',
    many: 'que alguna de las {n} partes que contribuyeron a la preparación olvidara su secreto',
    other: 'que alguna de las {n} partes que contribuyeron a la preparación olvidara su secreto',
  },
  'shown.says': 'Qué no dice una declaración',
  'shown.says.whose': 'que la cuenta sea de quien te la enseña: una declaración se puede pasar a otros',
  'shown.says.still': 'que aún tenga esto, o que nadie más tenga derecho a ello',
  'shown.says.debts': 'qué debe la cuenta: a la cantidad no se le resta ninguna deuda',
  'shown.details': 'Qué guardar, y detalles',
  'shown.root': 'Raíz del árbol de declaraciones',
  'shown.scope': 'Ámbito: resumen de tercero y fin',
  'shown.given': 'Desafío al que responde',
  'shown.manifest': 'Manifiesto',

  'shown.failed.title': 'No se verificó nada',
  'shown.failed.none': 'No hay ninguna declaración en este enlace: terminaría en #shown=… Cópialo entero.',
  'shown.failed.link':
    'El enlace se cortó o se cambió por el camino. Eso no dice nada de la declaración: pide otra vez el enlace, o la declaración como archivo.',
  'shown.failed.file': 'Esto no es una declaración, o se cambió por el camino. Pídela otra vez.',
  'shown.failed.snapshot':
    'La declaración no trata de ninguna de las instantáneas que {name} publica aquí. Puede ser de otra plataforma: pregunta a quien la envió y abre la página propia de esa plataforma.',
  'shown.failed.keys':
    'Lo que se sirvió como clave de verificación no es lo que firmó {name}, así que no se verificó nada. Inténtalo otra vez; si sigue así, díselo a {name}.',
  'shown.failed.missing':
    '{name} no sirve la clave con la que se verifican las declaraciones. Pídesela a {name}.',
};
