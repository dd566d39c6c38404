declare module 'circom2';
