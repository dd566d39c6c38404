import { useEffect, useRef, useState, type ReactNode } from 'react';

/** A button that opens the browser's own choice of files. */
export function ChooseFiles({
  children,
  onFiles,
  className = 'quiet',
}: {
  readonly children: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}

/** Files dropped anywhere on the page. @returns whether some are held over it */
export function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => [...(event.dataTransfer?.types ?? [])].includes('Files');
    const dragged = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const dropped = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      latest.current([...(event.dataTransfer?.files ?? [])]);
    };
    const { documentElement: all } = document;
    all.addEventListener('dragover', dragged);
    all.addEventListener('dragleave', left);
    all.addEventListener('drop', dropped);
    return () => {
      all.removeEventListener('dragover', dragged);
      all.removeEventListener('dragleave', left);
      all.removeEventListener('drop', dropped);
    };
  }, []);
  return over;
}
