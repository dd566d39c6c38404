import { serve } from './threads/serve';
import { WORK } from './work/table';

serve(WORK);
