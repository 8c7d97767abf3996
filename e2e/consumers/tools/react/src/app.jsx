import { useCached } from 'keepsake/react';
import { useEffect } from 'react';
import { label, scaled } from './scaled.js';

export function App() {
  useEffect(() => void import('./main.js'), []);
  const { value } = useCached(scaled, [21]);
  return (
    <main>
      {label} {value}
    </main>
  );
}
