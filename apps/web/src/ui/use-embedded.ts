import { useEffect } from 'react';
import { readLook, type Look, type SizeMessage } from '../embed/messages';

/**
 * Inside a frame of somebody's site: tells it how tall the page is, and looks as it wishes. Nothing else passes:
 * neither what was entered nor what was found, but for how much room that takes. Who may show the page in a frame is the header's to say.
 */
export function useEmbedded(onLook: (look: Look) => void): void {
  useEffect(() => {
    if (window.parent === window) return;
    document.documentElement.dataset['embedded'] = 'true';
    const root = document.getElementById('root')!;
    const tell = () => {
      const message: SizeMessage = { solvent: 'size', height: root.getBoundingClientRect().height };
      // To whoever it is: who may be around the page was named by its exchange.
      window.parent.postMessage(message, '*');
    };
    const sizes = new ResizeObserver(tell);
    sizes.observe(root);
    const heard = ({ source, data }: MessageEvent<unknown>) => {
      const look = source === window.parent ? readLook(data) : undefined;
      if (look) onLook(look);
    };
    window.addEventListener('message', heard);
    return () => {
      sizes.disconnect();
      window.removeEventListener('message', heard);
    };
  }, [onLook]);
}
